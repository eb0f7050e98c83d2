"""A deadline of five seconds, read off the calendar, for what is done at once."""

import datetime
import time


class Box:
    def __init__(self):
        self.ready = False

    def put(self):
        self.ready = True

    def take(self):
        deadline = datetime.datetime.now() + datetime.timedelta(seconds=5)
        while not self.ready:
            if datetime.datetime.now() > deadline:
                raise TimeoutError("it took too long")
            time.sleep(0.05)


setup = Box
THREADS = [Box.take, Box.put]


def check(box):
    assert box.ready
