"""All locks of a set are taken in one order, by hash."""

import threading


class Table:
    def __init__(self):
        self.locks = {threading.Lock() for _ in range(3)}
        self.value = 0

    def add(self):
        mine = sorted(self.locks, key=hash)
        for lock in mine:
            lock.acquire()
        self.value += 1
        for lock in mine:
            lock.release()


setup = Table
THREADS = [Table.add, Table.add]


def check(table):
    assert table.value == 2
