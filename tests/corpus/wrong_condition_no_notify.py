"""A condition that nobody notifies."""

import threading

EXPECT = "deadlock"


class Buffer:
    def __init__(self):
        self.items = []
        self.ready = threading.Condition()

    def put(self):
        with self.ready:
            self.items.append(1)

    def get(self):
        with self.ready:
            while not self.items:
                self.ready.wait()
            self.items.pop()


setup = Buffer
THREADS = [Buffer.get, Buffer.put]


def check(_):
    pass
