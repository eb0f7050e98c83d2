"""Futures of a ThreadPoolExecutor, and a total under a lock."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Total:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self, n):
        with self.lock:
            self.value += n
        return n

    def run(self):
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(self.add, n) for n in (1, 2)]
            assert [future.result() for future in futures] == [1, 2]


setup = Total
THREADS = [Total.run]


def check(total):
    assert total.value == 3
