"""ThreadPool.map over a plain counter."""

from multiprocessing.pool import ThreadPool

EXPECT = "check"


class S:
    def __init__(self):
        self.n = 0

    def add(self, i):
        v = self.n
        self.n = v + i

    def main(self):
        with ThreadPool(2) as pool:
            pool.map(self.add, [1, 2])


setup = S
THREADS = [S.main]


def check(s):
    assert s.n == 3
