"""A flag is set through the module; who asks for the global sees it before the data."""

import sys

EXPECT = "check"
me = sys.modules[__name__]
ready, data = False, None


def setup():
    me.ready, me.data = False, None
    return []


def put(_):
    me.ready = True
    me.data = 1


def take(seen):
    if ready:
        seen.append(data)


THREADS = [put, take]


def check(seen):
    assert seen in ([], [1]), f"{seen}"
