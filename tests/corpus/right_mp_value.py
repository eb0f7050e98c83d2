"""A multiprocessing.Value under its own lock."""

from multiprocessing import Value


def setup():
    return Value("i", 0)


def add(number):
    with number.get_lock():
        number.value += 1


THREADS = [add, add]


def check(number):
    assert number.value == 2
