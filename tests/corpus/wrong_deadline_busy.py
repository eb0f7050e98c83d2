"""Looks without sleeping until a third of a second has passed, and then goes on without what it waited for."""

import datetime

EXPECT = "check"


class Box:
    def __init__(self):
        self.ready = False
        self.seen = None


setup = Box


def take(box):
    until = datetime.datetime.now() + datetime.timedelta(seconds=0.3)
    while not box.ready:
        if datetime.datetime.now() >= until:
            break
    box.seen = box.ready


def give(box):
    box.ready = True


THREADS = [take, give]


def check(box):
    assert box.seen, "it went on without"
