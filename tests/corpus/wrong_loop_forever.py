"""A loop that touches nothing shared and never ends."""

EXPECT = "busy loop"


def setup():
    return []


def spin(_):
    n = 0
    while True:
        n = (n + 1) % 7


THREADS = [spin]


def check(_):
    pass
