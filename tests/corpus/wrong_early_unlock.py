"""Unlocking before the write is done."""

import threading

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self):
        self.lock.acquire()
        value = self.value
        self.lock.release()
        self.value = value + 1


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"the counter is {counter.value}"
