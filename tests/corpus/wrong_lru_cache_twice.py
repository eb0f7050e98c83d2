"""functools.lru_cache makes a thing twice if two ask at once."""

import functools

EXPECT = "check"


class S:
    def __init__(self):
        self.made = []

        @functools.cache
        def make(key):
            self.made.append(key)
            return object()

        self.make = make


setup = S
THREADS = [lambda s: s.make(1), lambda s: s.make(1)]


def check(s):
    assert s.made == [1]
