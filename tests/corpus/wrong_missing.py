"""A dict with __missing__."""

EXPECT = "check"


class Registry(dict):
    def __missing__(self, key):
        value = self[key] = []
        return value


class S:
    def __init__(self):
        self.r = Registry()

    def add(self, n):
        self.r["k"].append(n)


setup = S
THREADS = [lambda s: s.add(1), lambda s: s.add(2)]


def check(s):
    assert sorted(s.r["k"]) == [1, 2]
