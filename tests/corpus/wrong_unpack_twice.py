"""A reader unpacks a shared pair twice and expects the same."""

EXPECT = "check"


class Pair:
    def __init__(self):
        self.pair = [1, 1]
        self.seen = None


setup = Pair


def read(state):
    pair = state.pair
    a, b = pair
    c, d = pair
    state.seen = (a, b, c, d)


def write(state):
    state.pair[0] = 2


THREADS = [read, write]


def check(state):
    a, _, c, _ = state.seen
    assert a == c, "the pair changed between two looks"
