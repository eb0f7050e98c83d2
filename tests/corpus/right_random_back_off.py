"""Random numbers that change nothing about what comes out."""

import os
import random
import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.values = []

    def add(self):
        number = random.randint(1, 6) + os.urandom(1)[0] % 2
        with self.lock:
            self.values.append(number)


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert len(counter.values) == 2
