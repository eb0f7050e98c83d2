"""A cell of a list is read and written in two steps."""

EXPECT = "check"


def setup():
    return [0]


def add(cells):
    cells[0] += 1


THREADS = [add, add]


def check(cells):
    assert cells == [2], f"the cell is {cells[0]}"
