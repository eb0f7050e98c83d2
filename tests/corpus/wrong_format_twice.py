"""A list is told twice in one text; it grows between."""

EXPECT = "check"


class Log:
    def __init__(self):
        self.lines = []
        self.text = ""

    def add(self):
        self.lines.append("x")

    def tell(self):
        lines = self.lines
        self.text = f"{lines}|{lines}"


setup = Log
THREADS = [Log.add, Log.tell]


def check(log):
    left, right = log.text.split("|")
    assert left == right, log.text
