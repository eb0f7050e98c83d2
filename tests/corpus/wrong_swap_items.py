"""Two items are swapped in place; for a moment one of them is there twice, and afterwards all is as before."""

EXPECT = "check"


class Row:
    def __init__(self):
        self.items = ["a", "b"]
        self.seen = ["a", "b"]


setup = Row


def turn(row):
    first, second = 0, 1
    for _ in range(2):
        kept = row.items[first]
        row.items[first] = row.items[second]
        row.items[second] = kept


def read(row):
    row.seen = [row.items[0], row.items[1]]


THREADS = [turn, read]


def check(row):
    assert sorted(row.seen) == ["a", "b"], f"{row.seen} was seen"
