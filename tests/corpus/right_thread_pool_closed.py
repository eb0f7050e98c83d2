"""A ThreadPool that is closed and joined before its results are used."""

from multiprocessing.pool import ThreadPool


class S:
    def __init__(self):
        self.called = []

    def main(self):
        pool = ThreadPool(1)
        answer = pool.apply_async(int, ("5",), callback=self.called.append)
        pool.close()
        pool.join()
        self.called.append(answer.get())


setup = S
THREADS = [S.main]


def check(s):
    assert s.called == [5, 5]
