"""A daemon that only counts what the program does; nobody relies on it."""

import threading


class Stats:
    def __init__(self):
        self.lock = threading.Lock()
        self.seen = 0
        self.sum = 0

    def count(self):
        with self.lock:
            self.seen += 1

    def run(self):
        threading.Thread(target=self.count, daemon=True).start()
        with self.lock:
            self.sum += 1


setup = Stats
THREADS = [Stats.run, Stats.run]


def check(stats):
    assert stats.sum == 2
    assert stats.seen <= 2
