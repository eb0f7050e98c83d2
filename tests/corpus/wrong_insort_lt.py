"""bisect.insort asks Python's __lt__ from C, while another inserts."""

import bisect

EXPECT = "check"


class Item:
    def __init__(self, n, log):
        self.n, self.log = n, log

    def __lt__(self, other):
        self.log.append(1)
        return self.n < other.n


class S:
    def __init__(self):
        self.log = []
        self.items = [Item(n, self.log) for n in (0, 10, 20)]

    def put(self, n):
        bisect.insort(self.items, Item(n, self.log))


setup = S
THREADS = [lambda s: s.put(15), lambda s: s.put(5)]


def check(s):
    ns = [i.n for i in s.items]
    assert ns == sorted(ns), ns
