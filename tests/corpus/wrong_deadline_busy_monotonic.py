"""Spins on a flag with a short limit of time.monotonic, and takes the last one of two reads for the answer."""

import time

EXPECT = "exception"


class Box:
    def __init__(self):
        self.jobs = []


setup = Box


def take(box):
    until = time.monotonic() + 0.5
    while time.monotonic() < until and not box.jobs:
        pass
    box.jobs.pop()


def give(box):
    box.jobs.append(1)


THREADS = [take, give]


def check(box):
    assert not box.jobs
