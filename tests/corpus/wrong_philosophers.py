"""Three philosophers who take the left fork first starve."""

import threading

EXPECT = "deadlock"


def setup():
    return [threading.Lock() for _ in range(3)]


def philosopher(index):
    def eat(forks):
        with forks[index], forks[(index + 1) % 3]:
            pass

    return eat


THREADS = [philosopher(0), philosopher(1), philosopher(2)]


def check(_):
    pass
