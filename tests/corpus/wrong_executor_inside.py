"""Tasks of a ThreadPoolExecutor that share a counter."""

from concurrent.futures import ThreadPoolExecutor

EXPECT = "check"


class Total:
    def __init__(self):
        self.value = 0

    def add(self, n):
        self.value += n

    def run(self):
        with ThreadPoolExecutor(2) as pool:
            for n in (1, 2):
                pool.submit(self.add, n)


setup = Total
THREADS = [Total.run]


def check(total):
    assert total.value == 3, f"1 + 2 gave {total.value}"
