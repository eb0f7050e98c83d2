"""Spinning on a flag that nobody sets."""

EXPECT = "livelock"


class Flag:
    def __init__(self):
        self.up = False
        self.other = 0

    def wait(self):
        while not self.up:
            pass

    def work(self):
        self.other = 1


setup = Flag
THREADS = [Flag.wait, Flag.work]


def check(_):
    pass
