"""A table is walked with an await inside; another task adds a key."""

import asyncio

EXPECT = "exception"


class S:
    def __init__(self):
        self.peers = {1: "a", 2: "b"}

    async def tell(self):
        for _ in self.peers:
            await asyncio.sleep(0)

    async def join(self):
        await asyncio.sleep(0)
        self.peers[3] = "c"

    async def main(self):
        await asyncio.gather(self.tell(), self.join())


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    pass
