"""Back-off that gives up the first lock only sometimes: the time-out ends with nothing done."""

import threading

EXPECT = "check"


class Pair:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.done = 0

    def run(self, first, second):
        with first:
            if second.acquire(timeout=0.1):
                self.done += 1
                second.release()


setup = Pair
THREADS = [lambda p: p.run(p.left, p.right), lambda p: p.run(p.right, p.left)]


def check(pair):
    assert pair.done == 2, f"{pair.done} of 2 were done"
