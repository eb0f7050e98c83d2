"""Two threads take their turn by a byte in a pipe, but look at the count before they take it."""

import os

EXPECT = "check"


class Counter:
    def __init__(self):
        self.out, self.into = os.pipe()
        os.write(self.into, b"!")
        self.value = 0

    def add(self):
        seen = self.value
        os.read(self.out, 1)
        self.value = seen + 1
        os.write(self.into, b"!")


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    os.close(counter.out)
    os.close(counter.into)
    assert counter.value == 2, f"counted {counter.value}"
