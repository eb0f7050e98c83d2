"""A cell of an array is read and written in two steps."""

from array import array

EXPECT = "check"


def setup():
    return array("q", [0])


def add(cells):
    cells[0] = cells[0] + 1


THREADS = [add, add]


def check(cells):
    assert cells[0] == 2, f"the cell is {cells[0]}"
