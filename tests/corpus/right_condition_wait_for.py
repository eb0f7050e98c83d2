"""wait_for with a predicate."""

import threading


class Gate:
    def __init__(self):
        self.open = False
        self.changed = threading.Condition()

    def wait(self):
        with self.changed:
            self.changed.wait_for(lambda: self.open)

    def let(self):
        with self.changed:
            self.open = True
            self.changed.notify_all()


setup = Gate
THREADS = [Gate.wait, Gate.wait, Gate.let]


def check(_):
    pass
