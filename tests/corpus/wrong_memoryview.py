"""A byte behind a memoryview is read and written in two steps."""

EXPECT = "check"


def setup():
    return memoryview(bytearray(1))


def add(view):
    view[0] += 1


THREADS = [add, add]


def check(view):
    assert view[0] == 2, f"the byte is {view[0]}"
