"""Back-off with a timed lock: give up the first, try again."""

import threading


class Pair:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.done = 0

    def run(self, first, second):
        while True:
            with first:
                if second.acquire(timeout=0.1):
                    try:
                        self.done += 1
                        return
                    finally:
                        second.release()


setup = Pair
THREADS = [lambda p: p.run(p.left, p.right), lambda p: p.run(p.right, p.left)]


def check(pair):
    assert pair.done == 2
