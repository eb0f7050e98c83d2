"""A lock taken again by the thread that holds it."""

import threading


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.RLock()

    def add(self):
        with self.lock:
            self.value += 1

    def add_two(self):
        with self.lock:
            self.add()
            self.add()


setup = Counter
THREADS = [Counter.add_two, Counter.add_two]


def check(counter):
    assert counter.value == 4
