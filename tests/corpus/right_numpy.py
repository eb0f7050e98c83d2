"""A numpy cell under a lock."""

import threading

import numpy as np


class Cells:
    def __init__(self):
        self.cells = np.zeros(1, dtype=np.int64)
        self.lock = threading.Lock()

    def add(self):
        with self.lock:
            self.cells[0] += 1


setup = Cells
THREADS = [Cells.add, Cells.add]


def check(cells):
    assert cells.cells[0] == 2
