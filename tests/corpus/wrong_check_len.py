"""`len` and then `append`: the bound is broken."""

EXPECT = "check"


def setup():
    return []


def put(items):
    if len(items) < 1:
        items.append("job")


THREADS = [put, put]


def check(items):
    assert len(items) <= 1, f"{len(items)} jobs where 1 fits"
