"""`.value` of a ctypes integer is read and written in two steps."""

import ctypes

EXPECT = "check"


def setup():
    return ctypes.c_int(0)


def add(number):
    number.value += 1


THREADS = [add, add]


def check(number):
    assert number.value == 2, f"the number is {number.value}"
