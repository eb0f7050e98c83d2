"""Each of two threads reads what the other writes only when it has read."""

import os

EXPECT = "blocked"


class Pipes:
    def __init__(self):
        self.forth, self.back = os.pipe(), os.pipe()

    def one(self):
        os.read(self.back[0], 1)
        os.write(self.forth[1], b"1")

    def other(self):
        os.read(self.forth[0], 1)
        os.write(self.back[1], b"2")


setup = Pipes
THREADS = [Pipes.one, Pipes.other]


def check(_):
    pass
