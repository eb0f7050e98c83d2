"""An atomic load and an atomic store are not an atomic add."""

import threading

EXPECT = "check"


class Atomic:
    """An integer whose every operation is atomic."""

    def __init__(self):
        self._value = 0
        self._lock = threading.Lock()

    def load(self):
        with self._lock:
            return self._value

    def store(self, value):
        with self._lock:
            self._value = value


setup = Atomic


def add(number):
    number.store(number.load() + 1)


THREADS = [add, add]


def check(number):
    assert number.load() == 2, f"the number is {number.load()}"
