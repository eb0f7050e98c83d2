"""Two locks, always in one order."""

import threading


class Pair:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.value = 0

    def run(self):
        with self.left, self.right:
            self.value += 1


setup = Pair
THREADS = [Pair.run, Pair.run]


def check(pair):
    assert pair.value == 2
