"""A compare-and-exchange that is tried until it works."""

import threading


class Atomic:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def compare_exchange(self, expected, new):
        with self.lock:
            if self.value != expected:
                return False
            self.value = new
            return True

    def add(self):
        while True:
            before = self.value
            if self.compare_exchange(before, before + 1):
                return


setup = Atomic
THREADS = [Atomic.add, Atomic.add]


def check(number):
    assert number.value == 2
