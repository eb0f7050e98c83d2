"""`while items: items.pop()` raises IndexError for the slower thread."""

EXPECT = "exception"


def setup():
    return [1, 2]


def drain(items):
    while items:
        items.pop()


THREADS = [drain, drain]


def check(items):
    assert items == []
