"""A flag that is looked at outside the lock: the notify comes before the wait."""

import threading

EXPECT = "deadlock"


class Gate:
    def __init__(self):
        self.open = False
        self.changed = threading.Condition()

    def wait(self):
        if not self.open:
            with self.changed:
                self.changed.wait()

    def let(self):
        self.open = True
        with self.changed:
            self.changed.notify_all()


setup = Gate
THREADS = [Gate.wait, Gate.let]


def check(_):
    pass
