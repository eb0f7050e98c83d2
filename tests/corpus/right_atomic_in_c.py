"""append, setdefault, next of a count and popleft are one step each."""

import itertools
from collections import deque


class Things:
    def __init__(self):
        self.ids = itertools.count()
        self.given = []
        self.once = {}
        self.queue = deque([1, 2])

    def run(self):
        self.given.append(next(self.ids))
        self.once.setdefault("key", object())
        self.queue.popleft()


setup = Things
THREADS = [Things.run, Things.run]


def check(things):
    assert sorted(things.given) == [0, 1]
    assert len(things.once) == 1
    assert not things.queue
