"""Two sides that pass a number to and fro, each looking once: only four switches at the right moments go wrong."""

EXPECT = "check"


class Ball:
    def __init__(self):
        self.at = 0
        self.out = False

    def left(self):
        if self.at == 0:
            self.at = 1
        if self.at == 2:
            self.at = 3
        if self.at == 4:
            self.out = True

    def right(self):
        if self.at == 1:
            self.at = 2
        if self.at == 3:
            self.at = 4
        self.at = 9


setup = Ball
THREADS = [Ball.left, Ball.right]


def check(ball):
    assert not ball.out, "the ball is out"
