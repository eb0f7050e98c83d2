"""A lock made when the module was imported, taken twice."""

from threading import Lock

EXPECT = "deadlock"
lock = Lock()


def setup():
    return None


def run(_):
    with lock:
        lock.acquire()


THREADS = [run]


def check(_):
    pass
