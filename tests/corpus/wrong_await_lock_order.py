"""Two asyncio locks in two orders."""

import asyncio

EXPECT = "deadlock"


class Pair:
    def __init__(self):
        self.left = asyncio.Lock()
        self.right = asyncio.Lock()

    async def both(self, first, second):
        async with first:
            await asyncio.sleep(0)
            async with second:
                pass


setup = Pair
THREADS = [lambda pair: asyncio.run(meet(pair))]


async def meet(pair):
    await asyncio.gather(pair.both(pair.left, pair.right), pair.both(pair.right, pair.left))


def check(_):
    pass
