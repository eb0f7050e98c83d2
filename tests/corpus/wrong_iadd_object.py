"""An object whose __iadd__ is Python."""

EXPECT = "check"


class Money:
    def __init__(self):
        self.cents = 0

    def __iadd__(self, n):
        self.cents = self.cents + n
        return self


class S:
    def __init__(self):
        self.m = Money()

    def pay(self):
        self.m += 1


setup = S
THREADS = [S.pay, S.pay]


def check(s):
    assert s.m.cents == 2
