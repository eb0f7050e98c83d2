"""a += 1 over a large array, by two."""

import numpy as np

EXPECT = "check"


class S:
    def __init__(self):
        self.a = np.zeros(100_000, dtype=np.int64)

    def add(self):
        self.a += 1


setup = S
THREADS = [S.add, S.add]


def check(s):
    assert (s.a == 2).all()
