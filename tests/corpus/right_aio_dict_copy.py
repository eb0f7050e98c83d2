"""A copy of the table is walked."""

import asyncio


class S:
    def __init__(self):
        self.peers = {1: "a", 2: "b"}
        self.told = 0

    async def tell(self):
        for _ in list(self.peers):
            await asyncio.sleep(0)
            self.told += 1

    async def join(self):
        await asyncio.sleep(0)
        self.peers[3] = "c"

    async def main(self):
        await asyncio.gather(self.tell(), self.join())


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert s.told in (2, 3)
