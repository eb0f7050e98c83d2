"""Peterson's algorithm, right under sequential consistency."""


class Peterson:
    def __init__(self):
        self.wants = [False, False]
        self.turn = 0
        self.value = 0

    def add(self, me):
        other = 1 - me
        self.wants[me] = True
        self.turn = other
        while self.wants[other] and self.turn == other:
            pass
        self.value += 1
        self.wants[me] = False


setup = Peterson
THREADS = [lambda p: p.add(0), lambda p: p.add(1)]


def check(peterson):
    assert peterson.value == 2
