"""The == that a dataclass makes reads one field after the other, and meets a value that never was."""

from dataclasses import dataclass


@dataclass
class Pair:
    left: int = 0
    right: int = 0


class State:
    def __init__(self):
        self.pair = Pair()
        self.equal = False


def setup():
    return State()


def write(s):
    s.pair.left = 1
    s.pair.right = 1


def look(s):
    s.equal = s.pair == Pair(0, 1)


THREADS = [write, look]


def check(s):
    assert not s.equal


EXPECT = "check"
