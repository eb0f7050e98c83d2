"""A dict that is copied under the lock and iterated outside."""

import threading


class Table:
    def __init__(self):
        self.rows = {"a": 1}
        self.lock = threading.Lock()
        self.total = None

    def add(self):
        with self.lock:
            self.rows["b"] = 2

    def sum(self):
        with self.lock:
            rows = dict(self.rows)
        total = 0
        for name in rows:
            total += rows[name]
        self.total = total


setup = Table
THREADS = [Table.sum, Table.add]


def check(table):
    assert table.total in (1, 3)
