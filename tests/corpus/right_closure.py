"""A nonlocal variable under a lock of the closure."""

import threading


def setup():
    total = 0
    lock = threading.Lock()

    def add():
        nonlocal total
        with lock:
            total += 1

    def get():
        return total

    return add, get


def run(state):
    state[0]()


THREADS = [run, run]


def check(state):
    assert state[1]() == 2
