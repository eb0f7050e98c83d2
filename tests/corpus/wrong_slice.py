"""A slice of a shared list is read, and assigned back one longer."""

EXPECT = "check"


def setup():
    return [0]


def add(items):
    items[:] = items[:] + [1]


THREADS = [add, add]


def check(items):
    assert items == [0, 1, 1], f"the list is {items}"
