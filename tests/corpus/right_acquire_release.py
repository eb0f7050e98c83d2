"""acquire, try, finally release."""

import threading


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self):
        self.lock.acquire()
        try:
            self.value += 1
        finally:
            self.lock.release()


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2
