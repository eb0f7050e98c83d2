"""A ThreadPool that is fed by a generator."""

from multiprocessing.pool import ThreadPool


class S:
    def __init__(self):
        self.got = []

    def numbers(self):
        yield 3
        yield 4

    def main(self):
        with ThreadPool(1) as pool:
            self.got = list(pool.imap(abs, self.numbers()))


setup = S
THREADS = [S.main]


def check(s):
    assert s.got == [3, 4]
