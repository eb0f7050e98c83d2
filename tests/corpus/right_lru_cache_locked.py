"""functools.lru_cache behind a lock."""

import functools
import threading


class S:
    def __init__(self):
        self.made = []
        self.lock = threading.Lock()

        @functools.cache
        def make(key):
            self.made.append(key)
            return object()

        self.inner = make

    def make(self, key):
        with self.lock:
            return self.inner(key)


setup = S
THREADS = [lambda s: s.make(1), lambda s: s.make(1)]


def check(s):
    assert s.made == [1]
