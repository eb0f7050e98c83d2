"""Two threads call one mock under a lock: both calls are counted."""

import threading
from unittest.mock import Mock


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.m = Mock()


def setup():
    return State()


def call(s):
    with s.lock:
        s.m()


THREADS = [call, call]


def check(s):
    assert s.m.call_count == 2
