"""A multiprocessing.Value and a multiprocessing.Lock made with the module, one around the other."""

from multiprocessing import Lock, Value

TOTAL = Value("i", 0)
GUARD = Lock()


def setup():
    TOTAL.value = 0


def add(_):
    with GUARD:
        TOTAL.value += 1


THREADS = [add, add]


def check(_):
    assert TOTAL.value == 2
