"""A slice lets go of its generator at any exception, such as the one raised because another thread runs it."""

import itertools

EXPECT = "check"


def numbers():
    number = 0
    while True:
        yield number
        number += 1


class Ids:
    def __init__(self):
        self.ids = itertools.islice(numbers(), 5)
        self.taken = []

    def take(self):
        try:
            self.taken.append(next(self.ids))
        except ValueError:
            self.taken.append(None)


setup = Ids
THREADS = [Ids.take, Ids.take]


def check(ids):
    assert sorted(map(str, ids.taken)) == ["0", "1"], f"{ids.taken}"
