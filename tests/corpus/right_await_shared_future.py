"""Two that come at once await one and the same fetch."""

import asyncio


class Cache:
    def __init__(self):
        self.known = {}
        self.asked = 0

    async def fetch(self, key):
        self.asked += 1
        await asyncio.sleep(0.2)
        return key * 2

    async def get(self, key):
        if key not in self.known:
            self.known[key] = asyncio.ensure_future(self.fetch(key))
        return await self.known[key]


async def setup():
    return Cache()


async def get(cache):
    assert await cache.get(1) == 2


THREADS = [get, get]


def check(cache):
    assert cache.asked == 1
