"""A count in a dict is read and put back with `update`."""

EXPECT = "check"


def setup():
    return {"n": 0}


def add(counts):
    counts.update(n=counts["n"] + 1)


THREADS = [add, add]


def check(counts):
    assert counts["n"] == 2, f"n is {counts['n']}"
