"""A plain lock taken twice by one thread."""

import threading

EXPECT = "deadlock"


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self):
        with self.lock:
            self.value += 1

    def add_two(self):
        with self.lock:
            self.add()
            self.add()


setup = Counter
THREADS = [Counter.add_two, Counter.add]


def check(_):
    pass
