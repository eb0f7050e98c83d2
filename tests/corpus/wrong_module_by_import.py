"""A module's number is raised through the module by one thread and as a global by the other."""

import sys

EXPECT = "check"
me = sys.modules[__name__]
count = 0


def setup():
    me.count = 0


def through_the_module(_):
    me.count += 1


def as_a_global(_):
    global count
    count += 1


THREADS = [through_the_module, as_a_global]


def check(_):
    assert count == 2, f"the count is {count}"
