"""Polls fifty times, and says so when there was nothing."""

from itertools import repeat


class Mailbox:
    def __init__(self):
        self.full = False
        self.letter = None
        self.read = "unset"

    def put(self):
        self.letter = "hello"
        self.full = True

    def take(self):
        for _ in repeat(None, 50):
            if self.full:
                self.read = self.letter
                return
        self.read = "nothing"


setup = Mailbox
THREADS = [Mailbox.take, Mailbox.put]


def check(mailbox):
    assert mailbox.read in ("hello", "nothing")
