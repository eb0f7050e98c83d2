"""A poll that sleeps between its rounds and gives up after twenty of them."""

import time

EXPECT = "check"


class Box:
    def __init__(self):
        self.ready = False
        self.data = self.seen = None

    def put(self):
        self.data = 42
        self.ready = True

    def take(self):
        for _ in range(20):
            if self.ready:
                break
            time.sleep(0.02)
        self.seen = self.data


setup = Box
THREADS = [Box.put, Box.take]


def check(box):
    assert box.seen == 42, f"saw {box.seen}"
