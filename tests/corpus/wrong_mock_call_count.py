"""A mock counts its calls: it reads, adds and writes, and two calls at once are one."""

from unittest.mock import Mock


def setup():
    return Mock()


def call(m):
    m()


THREADS = [call, call]


def check(m):
    assert m.call_count == 2, m.call_count


EXPECT = "check"
