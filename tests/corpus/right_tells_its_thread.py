"""Asks for its thread, and says how that and the lock are written."""

import threading


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
        self.told = []

    def add(self):
        with self.lock:
            self.value += 1
            self.told.append("started" in repr(threading.current_thread()) and "_thread.lock" in repr(self.lock))


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2
    assert counter.told == [True, True]
