"""Two threads close one ExitStack. close() looks whether a callback is left, then pops: one finds none in between."""

from contextlib import ExitStack


class State:
    def __init__(self):
        self.stack = ExitStack()
        self.closed = []
        self.stack.callback(self.closed.append, 1)
        self.stack.callback(self.closed.append, 2)


def setup():
    return State()


def close(s):
    s.stack.close()


THREADS = [close, close]


def check(s):
    assert sorted(s.closed) == [1, 2]


EXPECT = "exception"
