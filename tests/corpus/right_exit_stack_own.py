"""Each thread has an ExitStack of its own."""

import threading
from contextlib import ExitStack


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.n = 0


def setup():
    return State()


def add(s):
    with ExitStack() as stack:
        stack.enter_context(s.lock)
        n = s.n
        s.n = n + 1


THREADS = [add, add]


def check(s):
    assert s.n == 2
