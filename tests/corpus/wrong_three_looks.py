"""Three single looks at a step counter that the other side moves on."""

EXPECT = "check"


class Stage:
    def __init__(self):
        self.step = 0
        self.seen = []

    def move(self):
        for number in (1, 2, 3):
            self.step = number
        self.step = 0

    def look(self):
        first = self.step
        second = self.step
        third = self.step
        self.seen = [first, second, third]


setup = Stage
THREADS = [Stage.move, Stage.look]


def check(stage):
    assert stage.seen != [1, 2, 3], "every step was seen"
