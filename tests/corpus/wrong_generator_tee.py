"""Each thread goes over a branch of its own, but the branches of a tee share the generator they were made from."""

import itertools

EXPECT = "exception"


def numbers():
    yield from range(3)


class Feed:
    def __init__(self):
        self.branches = itertools.tee(numbers())
        self.sums = []

    def even(self):
        self.sums.append(sum(self.branches[0]))

    def odd(self):
        self.sums.append(sum(self.branches[1]))


setup = Feed
THREADS = [Feed.even, Feed.odd]


def check(feed):
    assert feed.sums == [3, 3]
