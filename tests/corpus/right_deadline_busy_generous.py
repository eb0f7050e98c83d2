"""Looks without sleeping for at most half a minute."""

import time


class Box:
    def __init__(self):
        self.ready = False
        self.seen = None


setup = Box


def take(box):
    until = time.monotonic() + 30
    while not box.ready:
        if time.monotonic() >= until:
            break
    box.seen = box.ready


def give(box):
    box.ready = True


THREADS = [take, give]


def check(box):
    assert box.seen
