"""A cache that is filled after an await: two that come at once both ask the server."""

import asyncio

EXPECT = "check"


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
            self.known[key] = await self.fetch(key)
        return self.known[key]

    async def main(self):
        async def later():
            await asyncio.sleep(0.5)
            await self.get(1)

        await asyncio.gather(self.get(1), later())


setup = Cache
THREADS = [lambda cache: asyncio.run(cache.main())]


def check(cache):
    assert cache.asked == 1, f"the server was asked {cache.asked} times"
