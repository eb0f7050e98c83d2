"""An event that is cleared right after it was set: the slower one misses it."""

import threading

EXPECT = "deadlock"


class Signal:
    def __init__(self):
        self.event = threading.Event()

    def pulse(self):
        self.event.set()
        self.event.clear()


setup = Signal
THREADS = [Signal.pulse, lambda signal: signal.event.wait()]


def check(_):
    pass
