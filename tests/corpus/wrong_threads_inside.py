"""Threads that the code starts itself race as well."""

import threading

EXPECT = "check"


class Total:
    def __init__(self):
        self.value = 0

    def add(self, n):
        self.value += n

    def run(self):
        threads = [threading.Thread(target=self.add, args=(n,)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


setup = Total
THREADS = [Total.run]


def check(total):
    assert total.value == 3, f"1 + 2 gave {total.value}"
