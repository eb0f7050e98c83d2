"""A job waits for another job of the same pool of one."""

from concurrent.futures import ThreadPoolExecutor

EXPECT = "deadlock"


class S:
    def main(self):
        with ThreadPoolExecutor(1) as pool:

            def outer():
                return pool.submit(int).result()

            pool.submit(outer).result()


setup = S
THREADS = [S.main]


def check(s):
    pass
