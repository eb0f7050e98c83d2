"""A list is copied twice with a star and the copies are expected to be equal; an append is made by a task in C."""

import threading

EXPECT = "check"


class Log:
    def __init__(self):
        self.lines = []
        self.copies = []


setup = Log


def look_twice(log):
    lines = log.lines
    first = [*lines]
    second = [*lines, "end"]
    log.copies = [first, second[:-1]]


def grow(log):
    thread = threading.Thread(target=log.lines.append, args=("x",))
    thread.start()
    thread.join()


THREADS = [look_twice, grow]


def check(log):
    first, second = log.copies
    assert first == second, "the lines changed between two looks"
