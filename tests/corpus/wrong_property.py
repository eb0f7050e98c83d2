"""A property reads and a setter writes; += on it is both, one after the other."""

EXPECT = "check"


class Counter:
    def __init__(self):
        self._value = 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        self._value = new


setup = Counter


def add(counter):
    counter.value += 1


THREADS = [add, add]


def check(counter):
    assert counter.value == 2, f"the counter is {counter.value}"
