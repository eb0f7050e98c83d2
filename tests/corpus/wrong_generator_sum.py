"""A generator that two consumers share goes over a list; each takes what it gets."""

EXPECT = "exception"


class Feed:
    def __init__(self):
        self.feed = self.items()
        self.sum = []

    def items(self):
        for number in [1, 2]:
            yield number * 10

    def consume(self):
        self.sum.append(sum(self.feed))


setup = Feed
THREADS = [Feed.consume, Feed.consume]


def check(feed):
    assert sum(feed.sum) == 30
