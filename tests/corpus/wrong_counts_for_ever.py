"""A loop that counts in shared memory for ever."""

EXPECT = "livelock"


class S:
    def __init__(self):
        self.n = 0
        self.stop = False

    def run(self):
        while not self.stop:
            self.n += 1


setup = S
THREADS = [S.run, lambda s: None]


def check(s):
    pass
