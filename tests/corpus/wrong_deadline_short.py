"""A deadline of a fifth of a second, read off the calendar: the other may take longer."""

import time
from datetime import datetime, timedelta

EXPECT = "exception"


class Box:
    def __init__(self):
        self.ready = False

    def put(self):
        self.ready = True

    def take(self):
        deadline = datetime.now() + timedelta(seconds=0.2)
        while not self.ready:
            if datetime.now() > deadline:
                raise TimeoutError("it took too long")
            time.sleep(0.05)


setup = Box
THREADS = [Box.take, Box.put]


def check(box):
    assert box.ready
