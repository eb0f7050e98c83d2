"""Locks in an order that Random() shuffles."""

import threading
from random import Random

EXPECT = "deadlock"


class Pair:
    def __init__(self):
        self.locks = [threading.Lock(), threading.Lock()]

    def use(self):
        mine = list(self.locks)
        Random().shuffle(mine)
        with mine[0], mine[1]:
            pass


setup = Pair
THREADS = [Pair.use, Pair.use]


def check(_):
    pass
