"""A weak reference that is asked once, and then held."""

import weakref


class Picture:
    name = "p"


class Cache:
    def __init__(self):
        self.strong = Picture()
        self.weak = weakref.ref(self.strong)
        self.seen = None

    def use(self):
        picture = self.weak()
        self.seen = picture.name if picture is not None else "gone"

    def drop(self):
        self.strong = None


setup = Cache
THREADS = [Cache.use, Cache.drop]


def check(cache):
    assert cache.seen in ("p", "gone")
