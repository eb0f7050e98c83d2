"""A counter under its lock."""

import threading


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self, n=1):
        with self.lock:
            self.value += n


setup = Counter
THREADS = [Counter.add, Counter.add, Counter.add]


def check(counter):
    assert counter.value == 3
