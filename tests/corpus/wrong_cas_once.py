"""A compare-and-exchange that fails and is not tried again."""

import threading

EXPECT = "check"


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


setup = Atomic


def add(number):
    before = number.value
    number.compare_exchange(before, before + 1)


THREADS = [add, add]


def check(number):
    assert number.value == 2, f"the number is {number.value}"
