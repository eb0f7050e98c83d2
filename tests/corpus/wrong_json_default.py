"""json.dumps asks default= about an object that is changed meanwhile."""

import json

EXPECT = "check"


class Point:
    def __init__(self):
        self.x = self.y = 0


class S:
    def __init__(self):
        self.p = Point()
        self.text = ""

    def dump(self):
        self.text = json.dumps(self.p, default=lambda p: [p.x, p.y])

    def move(self):
        self.p.x = 1
        self.p.y = 1


setup = S
THREADS = [S.dump, S.move]


def check(s):
    assert s.text in ("[0, 0]", "[1, 1]"), s.text
