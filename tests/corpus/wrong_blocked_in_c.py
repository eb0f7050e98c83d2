"""Reading from a pipe that nobody writes to."""

import os

EXPECT = "blocked"


def setup():
    return None


def read(_):
    ends = os.pipe()
    os.read(ends[0], 1)


THREADS = [read]


def check(_):
    pass
