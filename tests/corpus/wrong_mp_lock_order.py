"""Two multiprocessing locks taken in two orders."""

import multiprocessing

EXPECT = "deadlock"


def setup():
    return multiprocessing.Lock(), multiprocessing.RLock()


def forwards(locks):
    with locks[0], locks[1]:
        pass


def backwards(locks):
    with locks[1], locks[0]:
        pass


THREADS = [forwards, backwards]


def check(_):
    pass
