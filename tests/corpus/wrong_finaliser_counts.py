"""Finalisers count without a lock, each in the thread that drops its object."""

EXPECT = "check"


class Pool:
    def __init__(self):
        self.freed = 0
        self.items = {name: Item(self) for name in "ab"}

    def drop(self, name):
        del self.items[name]


class Item:
    def __init__(self, pool):
        self.pool = pool

    def __del__(self):
        self.pool.freed += 1


setup = Pool
THREADS = [lambda pool: pool.drop("a"), lambda pool: pool.drop("b")]


def check(pool):
    assert pool.freed == 2, f"{pool.freed} were freed"
