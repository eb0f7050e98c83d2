"""One thread closes an ExitStack while another takes all its callbacks away: close() pops what is gone."""

from contextlib import ExitStack


class State:
    def __init__(self):
        self.stack = ExitStack()
        self.closed = []
        self.kept = None
        self.stack.callback(self.closed.append, 1)


def setup():
    return State()


def keep(s):
    s.kept = s.stack.pop_all()


def close(s):
    s.stack.close()


THREADS = [keep, close]


def check(s):
    s.kept.close()
    assert s.closed == [1], f"closed {s.closed}"


EXPECT = "exception"
