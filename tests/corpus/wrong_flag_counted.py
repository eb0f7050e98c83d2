"""Spinning on a flag that nobody sets, and counting the rounds."""

EXPECT = "livelock"


class Flag:
    def __init__(self):
        self.up = False

    def wait(self):
        rounds = 0
        while not self.up:
            rounds += 1


setup = Flag
THREADS = [Flag.wait, lambda flag: None]


def check(_):
    pass
