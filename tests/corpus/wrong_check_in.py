"""`if key not in cache` and the store that follows are two steps."""

EXPECT = "check"


class Cache:
    def __init__(self):
        self.items = {}
        self.made = []

    def get(self):
        if "page" not in self.items:
            self.made.append(1)
            self.items["page"] = object()
        return self.items["page"]


setup = Cache
THREADS = [Cache.get, Cache.get]


def check(cache):
    assert len(cache.made) == 1, f"the page was made {len(cache.made)} times"
