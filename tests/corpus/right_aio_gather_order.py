"""gather does keep the order."""

import asyncio


class S:
    def __init__(self):
        self.got = []

    async def fetch(self, n):
        await asyncio.sleep(0.01)
        return n

    async def main(self):
        self.got = await asyncio.gather(self.fetch(1), self.fetch(2))


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert s.got == [1, 2], s.got
