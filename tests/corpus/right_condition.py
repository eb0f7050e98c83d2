"""A bounded buffer with `while` around the wait."""

import threading


class Buffer:
    def __init__(self):
        self.items = []
        self.taken = []
        self.changed = threading.Condition()

    def put(self):
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(1)
            self.changed.notify_all()

    def get(self):
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.taken.append(self.items.pop())
            self.changed.notify_all()


setup = Buffer
THREADS = [Buffer.get, Buffer.put]


def check(buffer):
    assert buffer.taken == [1]
