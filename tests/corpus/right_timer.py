"""A timer that sets an event."""

import threading


def setup():
    return threading.Event()


def run(event):
    timer = threading.Timer(5, event.set)
    timer.start()
    event.wait()
    timer.join()


THREADS = [run]


def check(event):
    assert event.is_set()
