"""`.get()` and then the store: made twice."""

EXPECT = "check"


class Cache:
    def __init__(self):
        self.items = {}
        self.made = 0

    def get(self):
        item = self.items.get("page")
        if item is None:
            item = self.items["page"] = object()
            self.made_one()

    def made_one(self):
        self.made += 1


setup = Cache
THREADS = [Cache.get, Cache.get]


def check(cache):
    assert cache.made == 1, "the page was made twice"
