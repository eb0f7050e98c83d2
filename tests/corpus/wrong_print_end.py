"""Two write two pieces into one StringIO."""

import io

EXPECT = "check"


class S:
    def __init__(self):
        self.out = io.StringIO()

    def say(self, who):
        print(who, end="", file=self.out)
        print(who, end=";", file=self.out)


setup = S
THREADS = [lambda s: s.say("a"), lambda s: s.say("b")]


def check(s):
    assert s.out.getvalue() in ("aa;bb;", "bb;aa;"), s.out.getvalue()
