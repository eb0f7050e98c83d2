"""A cell of a numpy array is read and written in two steps."""

import numpy as np

EXPECT = "check"


def setup():
    return np.zeros(1, dtype=np.int64)


def add(cells):
    cells[0] += 1


THREADS = [add, add]


def check(cells):
    assert cells[0] == 2, f"the cell is {cells[0]}"
