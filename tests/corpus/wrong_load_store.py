"""A counter that is read and written without a lock loses updates."""

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        value = self.value
        self.value = value + 1


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"two threads added 1, and the counter is {counter.value}"
