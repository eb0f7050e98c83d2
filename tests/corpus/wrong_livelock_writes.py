"""Two that write shared memory for ever, each undoing the other's."""

EXPECT = "livelock"


class S:
    def __init__(self):
        self.turn = 0

    def mine(self, me):
        while True:
            self.turn = me
            if self.turn == 2:
                break


setup = S
THREADS = [lambda s: s.mine(0), lambda s: s.mine(1)]


def check(s):
    pass
