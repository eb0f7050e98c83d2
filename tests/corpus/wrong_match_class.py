"""A point is matched by its attributes, which another thread moves one after the other."""

EXPECT = "check"


class Point:
    def __init__(self):
        self.x, self.y = 0, 0
        self.seen = None

    def move(self):
        self.x = 1
        self.y = 1

    def look(self):
        match self:
            case Point(x=x, y=y):
                self.seen = (x, y)


setup = Point
THREADS = [Point.move, Point.look]


def check(point):
    assert point.seen in ((0, 0), (1, 1)), f"{point.seen}"
