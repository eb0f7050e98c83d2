"""An event that is set before what it announces is there."""

import threading

EXPECT = "check"


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.value = None
        self.seen = None

    def give(self):
        self.ready.set()
        self.value = 7

    def take(self):
        self.ready.wait()
        self.seen = self.value


setup = Box
THREADS = [Box.take, Box.give]


def check(box):
    assert box.seen == 7, f"took {box.seen}"
