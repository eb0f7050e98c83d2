"""A wait with a time-out that says whether the event came."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.came = None

    def take(self):
        self.came = self.ready.wait(timeout=5)


setup = Box
THREADS = [Box.take, lambda box: box.ready.set()]


def check(box):
    assert box.came is True
