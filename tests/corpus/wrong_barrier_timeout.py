"""A barrier that breaks when one party is a tenth of a second late."""

import threading

EXPECT = "exception"


class Place:
    def __init__(self):
        self.barrier = threading.Barrier(2)

    def meet(self):
        self.barrier.wait(timeout=0.1)


setup = Place
THREADS = [Place.meet, Place.meet]


def check(_):
    pass
