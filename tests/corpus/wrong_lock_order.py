"""Two locks taken in two orders deadlock."""

import threading

EXPECT = "deadlock"


class Pair:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()

    def one(self):
        with self.left, self.right:
            pass

    def other(self):
        with self.right, self.left:
            pass


setup = Pair
THREADS = [Pair.one, Pair.other]


def check(_):
    pass
