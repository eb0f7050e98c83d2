"""A barrier for three where two arrive."""

import threading

EXPECT = "deadlock"


def setup():
    return threading.Barrier(3)


def arrive(barrier):
    barrier.wait()


THREADS = [arrive, arrive]


def check(_):
    pass
