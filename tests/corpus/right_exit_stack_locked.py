"""Two threads close one ExitStack under a lock: the callback is called once."""

import threading
from contextlib import ExitStack


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.stack = ExitStack()
        self.closed = []
        self.stack.callback(self.closed.append, 1)


def setup():
    return State()


def close(s):
    with s.lock:
        s.stack.close()


THREADS = [close, close]


def check(s):
    assert s.closed == [1]
