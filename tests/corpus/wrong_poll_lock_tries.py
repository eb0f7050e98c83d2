"""Tries a lock forty times in an iterator's rounds, then works without it."""

import threading
from itertools import repeat

EXPECT = "check"


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self):
        mine = False
        for _ in repeat(None, 40):
            if self.lock.acquire(blocking=False):
                mine = True
                break
        seen = self.value
        self.value = seen + 1
        if mine:
            self.lock.release()


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"the counter is {counter.value}"
