"""Peterson's algorithm with the flag raised after the turn is given away."""

EXPECT = "check"


class Peterson:
    def __init__(self):
        self.wants = [False, False]
        self.turn = 0
        self.value = 0

    def add(self, me):
        other = 1 - me
        self.turn = other
        self.wants[me] = True
        while self.wants[other] and self.turn == other:
            pass
        self.value += 1
        self.wants[me] = False


setup = Peterson
THREADS = [lambda p: p.add(0), lambda p: p.add(1)]


def check(peterson):
    assert peterson.value == 2, f"the value is {peterson.value}"
