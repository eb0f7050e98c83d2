"""The branches of a tee are gone over under one lock."""

import itertools
import threading


def numbers():
    yield from range(3)


class Feed:
    def __init__(self):
        self.lock = threading.Lock()
        self.branches = itertools.tee(numbers())
        self.sums = []

    def even(self):
        with self.lock:
            self.sums.append(sum(self.branches[0]))

    def odd(self):
        with self.lock:
            self.sums.append(sum(self.branches[1]))


setup = Feed
THREADS = [Feed.even, Feed.odd]


def check(feed):
    assert feed.sums == [3, 3]
