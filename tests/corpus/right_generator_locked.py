"""A shared generator is asked under a lock."""

import threading


def numbers():
    number = 0
    while True:
        yield number
        number += 1


class Ids:
    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = numbers()
        self.taken = []

    def take(self):
        with self.lock:
            number = next(self.numbers)
        self.taken.append(number)


setup = Ids
THREADS = [Ids.take, Ids.take]


def check(ids):
    assert sorted(ids.taken) == [0, 1]
