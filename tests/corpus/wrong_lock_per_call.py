"""A lock made for each call excludes nobody."""

import threading

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        lock = threading.Lock()
        with lock:
            self.value += 1


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"the counter is {counter.value}"
