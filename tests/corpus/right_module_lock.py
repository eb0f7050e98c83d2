"""A lock and a global of the module."""

from threading import Lock

lock = Lock()
total = 0


def setup():
    global total
    total = 0


def add(_):
    global total
    with lock:
        total += 1


THREADS = [add, add]


def check(_):
    assert total == 2
