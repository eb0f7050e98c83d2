"""An event set after what it announces."""

import threading


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.value = None
        self.seen = None

    def give(self):
        self.value = 7
        self.ready.set()

    def take(self):
        self.ready.wait()
        self.seen = self.value


setup = Box
THREADS = [Box.take, Box.give]


def check(box):
    assert box.seen == 7
