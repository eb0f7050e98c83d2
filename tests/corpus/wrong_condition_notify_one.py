"""One condition for two kinds of waiter, and notify wakes the wrong one."""

import threading

EXPECT = "deadlock"


class Slot:
    def __init__(self):
        self.item = None
        self.changed = threading.Condition()

    def put(self):
        with self.changed:
            while self.item is not None:
                self.changed.wait()
            self.item = 1
            self.changed.notify()

    def get(self):
        with self.changed:
            while self.item is None:
                self.changed.wait()
            self.item = None
            self.changed.notify()


setup = Slot
THREADS = [Slot.get, Slot.get, Slot.put, Slot.put]


def check(_):
    pass
