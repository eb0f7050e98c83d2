"""A short wait for an event whose answer is thrown away: the data may not be there yet."""

import threading

EXPECT = "check"


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.data = self.seen = None

    def put(self):
        self.data = 42
        self.ready.set()

    def take(self):
        self.ready.wait(timeout=0.05)
        self.seen = self.data


setup = Box
THREADS = [Box.take, Box.put]


def check(box):
    assert box.seen == 42, f"saw {box.seen}"
