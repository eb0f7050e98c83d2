"""Two threads take the next item of one generator."""

EXPECT = "exception"


class Numbers:
    def __init__(self):
        self.last = 0
        self.numbers = self.count()

    def count(self):
        while True:
            self.last += 1
            yield self.last


setup = Numbers


def take(state):
    next(state.numbers)


THREADS = [take, take]


def check(state):
    assert state.last == 2
