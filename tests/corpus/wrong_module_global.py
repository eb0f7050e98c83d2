"""A module's global is shared like any attribute."""

EXPECT = "check"
total = 0


def setup():
    global total
    total = 0


def add(_):
    global total
    total += 1


THREADS = [add, add]


def check(_):
    assert total == 2, f"total is {total}"
