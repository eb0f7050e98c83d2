"""`with ThreadPool` terminates at its end: what was only submitted may not have run."""

from multiprocessing.pool import ThreadPool

EXPECT = "check"


class S:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1

    def main(self):
        with ThreadPool(1) as pool:
            pool.apply_async(self.add)


setup = S
THREADS = [S.main]


def check(s):
    assert s.n == 1
