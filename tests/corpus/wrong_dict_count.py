"""`counts[key] = counts.get(key, 0) + 1` is a read and a write."""

EXPECT = "check"


def setup():
    return {}


def count(counts):
    counts["word"] = counts.get("word", 0) + 1


THREADS = [count, count]


def check(counts):
    assert counts == {"word": 2}, f"counted {counts}"
