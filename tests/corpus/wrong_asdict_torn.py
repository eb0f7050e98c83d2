"""asdict() reads one field after the other, and meanwhile both are changed under a lock that it does not take."""

from dataclasses import asdict, dataclass


@dataclass
class Account:
    left: int = 10
    right: int = 0


class State:
    def __init__(self):
        self.account = Account()
        self.seen = {}


def setup():
    return State()


def move(s):
    s.account.left -= 1
    s.account.right += 1


def look(s):
    s.seen = asdict(s.account)


THREADS = [move, look]


def check(s):
    assert (s.seen["left"], s.seen["right"]) != (10, 1), s.seen


EXPECT = "check"
