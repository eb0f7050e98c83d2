"""asdict() under the lock under which the fields are changed."""

import threading
from dataclasses import asdict, dataclass


@dataclass
class Account:
    left: int = 10
    right: int = 0


class State:
    def __init__(self):
        self.account = Account()
        self.lock = threading.Lock()
        self.seen = {}


def setup():
    return State()


def move(s):
    with s.lock:
        s.account.left -= 1
        s.account.right += 1


def look(s):
    with s.lock:
        s.seen = asdict(s.account)


THREADS = [move, look]


def check(s):
    assert sum(s.seen.values()) == 10
