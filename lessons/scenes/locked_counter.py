"""The two doors once more, each of them with a lock around what it does."""

import threading


class Counter:
    def __init__(self):
        self.visitors = 0
        self.lock = threading.Lock()


def door(counter):
    with counter.lock:
        seen = counter.visitors
        counter.visitors = seen + 1


setup = Counter
threads = [door, door]


def memory(counter):
    return {"visitors": [counter.visitors]}
