"""Each consumer takes whatever is left of a numbered feed in one call, under which a generator runs."""

EXPECT = "exception"


def lines():
    yield from "abc"


class Feed:
    def __init__(self):
        self.numbered = enumerate(lines())
        self.taken = []

    def consume(self):
        self.taken.append(dict(self.numbered))


setup = Feed
THREADS = [Feed.consume, Feed.consume]


def check(feed):
    assert sum(map(len, feed.taken)) == 3
