"""`if` instead of `while` around a condition's wait."""

import threading

EXPECT = "exception"


class Buffer:
    def __init__(self):
        self.items = []
        self.ready = threading.Condition()

    def put(self):
        with self.ready:
            self.items.append(1)
            self.ready.notify_all()

    def get(self):
        with self.ready:
            if not self.items:
                self.ready.wait()
            self.items.pop()

    def put_two(self):
        self.put()
        self.put()


setup = Buffer
THREADS = [Buffer.get, Buffer.get, Buffer.put_two]


def check(_):
    pass
