"""A multiprocessing.Value is locked for the read and for the write, not for both."""

from multiprocessing import Value

EXPECT = "check"


def setup():
    return Value("i", 0)


def add(number):
    number.value += 1


THREADS = [add, add]


def check(number):
    assert number.value == 2, f"the number is {number.value}"
