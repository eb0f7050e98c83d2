"""re.sub calls back; the callback counts."""

import re

EXPECT = "check"


class S:
    def __init__(self):
        self.n = 0

    def number(self, match):
        old = self.n
        self.n = old + 1
        return str(old)

    def run(self):
        re.sub("x", self.number, "x x")


setup = S
THREADS = [S.run, S.run]


def check(s):
    assert s.n == 4
