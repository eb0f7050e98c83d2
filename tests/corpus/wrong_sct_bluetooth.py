"""SCT's bluetooth_driver_bad: the driver is stopped between the look at the flag and the count."""

import threading

EXPECT = "check"


class Driver:
    def __init__(self):
        self.pending = 1
        self.stopping = False
        self.event = threading.Event()
        self.stopped = False
        self.bad = False

    def leave(self):
        self.pending -= 1
        if self.pending == 0:
            self.event.set()

    def add(self):
        if self.stopping:
            return
        self.pending += 1
        if self.stopped:
            self.bad = True
        self.leave()

    def stop(self):
        self.stopping = True
        self.leave()
        self.event.wait(5)
        self.stopped = True


setup = Driver
THREADS = [Driver.add, Driver.stop]


def check(s):
    assert not s.bad
