"""Two add to halves of their own."""

import numpy as np


class S:
    def __init__(self):
        self.a = np.zeros(100_000, dtype=np.int64)

    def add(self, i):
        half = self.a[i * 50_000 : (i + 1) * 50_000]
        half += 1


setup = S
THREADS = [lambda s: s.add(0), lambda s: s.add(1)]


def check(s):
    assert (s.a == 1).all()
