"""Spinning on a flag that the other thread sets."""


class Flag:
    def __init__(self):
        self.up = False
        self.value = 0
        self.seen = None

    def wait(self):
        while not self.up:
            pass
        self.seen = self.value

    def set(self):
        self.value = 5
        self.up = True


setup = Flag
THREADS = [Flag.wait, Flag.set]


def check(flag):
    assert flag.seen == 5
