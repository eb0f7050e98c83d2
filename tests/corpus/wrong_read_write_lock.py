"""A home-made readers' lock whose count of readers is not guarded."""

import threading

EXPECT = "deadlock"


class Shared:
    def __init__(self):
        self.readers = 0
        self.writing = threading.Lock()

    def read(self):
        self.readers += 1
        if self.readers == 1:
            self.writing.acquire()
        self.readers -= 1
        if self.readers == 0:
            self.writing.release()


setup = Shared
THREADS = [Shared.read, Shared.read, Shared.read]


def check(_):
    pass
