"""A lock around the read and another around the write leaves a gap between them."""

import threading

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self):
        with self.lock:
            value = self.value
        with self.lock:
            self.value = value + 1


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"the counter is {counter.value}"
