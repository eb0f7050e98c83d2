"""A weak dictionary says that it has the key, and then the value has died."""

import weakref

EXPECT = "exception"


class Picture:
    pass


class Cache:
    def __init__(self):
        self.strong = Picture()
        self.weak = weakref.WeakValueDictionary(a=self.strong)

    def use(self):
        if "a" in self.weak:
            return self.weak["a"]
        return None

    def drop(self):
        self.strong = None


setup = Cache
THREADS = [Cache.use, Cache.drop]


def check(_):
    pass
