"""Three philosophers who take the lower fork first."""

import threading


def setup():
    return [threading.Lock() for _ in range(3)]


def philosopher(index):
    low, high = sorted((index, (index + 1) % 3))

    def eat(forks):
        with forks[low], forks[high]:
            pass

    return eat


THREADS = [philosopher(0), philosopher(1), philosopher(2)]


def check(_):
    pass
