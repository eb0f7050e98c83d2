"""A lease runs out in a thread of its own, whoever holds the lock by then."""

import threading
import time

EXPECT = "check"


class Lease:
    def __init__(self):
        self.holder = None
        self.lost = False

    def take(self, name):
        self.holder = name
        threading.Thread(target=self.run_out).start()

    def run_out(self):
        time.sleep(0.5)
        self.holder = None


setup = Lease


def work(lease):
    lease.take("first")
    time.sleep(0.1)
    lease.holder = None
    lease.take("second")
    time.sleep(0.1)
    lease.lost = lease.holder != "second"


THREADS = [work]


def check(lease):
    assert not lease.lost, "the lease of the first has ended the second"
