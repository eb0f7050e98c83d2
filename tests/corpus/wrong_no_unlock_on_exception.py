"""An exception between acquire and release leaves the lock held."""

import threading

EXPECT = "deadlock"


class Box:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = {}

    def take(self):
        self.lock.acquire()
        item = self.items["missing"]
        self.lock.release()
        return item

    def careful(self):
        try:
            self.take()
        except KeyError:
            pass


setup = Box
THREADS = [Box.careful, Box.careful]


def check(_):
    pass
