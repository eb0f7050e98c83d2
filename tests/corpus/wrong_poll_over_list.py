"""Polls once for each entry of a list, then goes on without an answer."""

EXPECT = "check"


class Mailbox:
    def __init__(self):
        self.letters = []
        self.read = None

    def put(self):
        self.letters.append("hello")

    def take(self):
        for _ in [None] * 30:
            if self.letters:
                break
        self.read = list(self.letters)


setup = Mailbox
THREADS = [Mailbox.take, Mailbox.put]


def check(mailbox):
    assert mailbox.read == ["hello"], f"{mailbox.read} was read"
