"""Two threads that each wait until the other does not want: both go round for ever."""

EXPECT = "livelock"


class Polite:
    def __init__(self):
        self.wants = [False, False]

    def enter(self, me):
        self.wants[me] = True
        while self.wants[1 - me]:
            pass
        self.wants[me] = False


setup = Polite
THREADS = [lambda p: p.enter(0), lambda p: p.enter(1)]


def check(_):
    pass
