"""Each thread goes over a generator of its own."""


def squares(count):
    for number in range(count):
        yield number * number


class Sums:
    def __init__(self):
        self.sums = []

    def add(self):
        self.sums.append(sum(squares(4)))


setup = Sums
THREADS = [Sums.add, Sums.add]


def check(sums):
    assert sums.sums == [14, 14]
