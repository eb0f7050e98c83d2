"""A ufunc over a large array lets go of the GIL: two add in place."""

import numpy as np

EXPECT = "check"


class S:
    def __init__(self):
        self.a = np.zeros(100_000, dtype=np.int64)

    def add(self):
        np.add(self.a, 1, out=self.a)


setup = S
THREADS = [S.add, S.add]


def check(s):
    assert (s.a == 2).all()
