"""Polls twenty times with a counter of its own, then goes on without an answer."""

EXPECT = "check"


class Mailbox:
    def __init__(self):
        self.full = False
        self.letter = None
        self.read = None

    def put(self):
        self.letter = "hello"
        self.full = True

    def take(self):
        tries = 20
        while not self.full and tries:
            tries -= 1
        self.read = self.letter


setup = Mailbox
THREADS = [Mailbox.take, Mailbox.put]


def check(mailbox):
    assert mailbox.read == "hello", f"{mailbox.read} was read"
