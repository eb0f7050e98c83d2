"""as_completed is taken to keep the order."""

import asyncio

EXPECT = "check"


class S:
    def __init__(self):
        self.got = []

    async def fetch(self, n):
        await asyncio.sleep(0.01)
        return n

    async def main(self):
        for f in asyncio.as_completed([self.fetch(1), self.fetch(2)]):
            self.got.append(await f)


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert s.got == [1, 2], s.got
