"""`+=` on an attribute is a read and a write."""

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0

    def add(self, n=1):
        self.value += n


setup = Counter
THREADS = [Counter.add, Counter.add, Counter.add]


def check(counter):
    assert counter.value == 3, f"three threads added 1, and the counter is {counter.value}"
