"""A subclass of Semaphore that looks at its own count without its lock."""

import threading

EXPECT = "check"


class Slots(threading.Semaphore):
    def both(self):
        return self._value, self._value


class Office:
    def __init__(self):
        self.slots = Slots(1)
        self.seen = None

    def work(self):
        self.slots.acquire()

    def look(self):
        self.seen = self.slots.both()


setup = Office
THREADS = [Office.work, Office.look]


def check(office):
    first, second = office.seen
    assert first == second, f"{office.seen}"
