"""Cancelled at any await, the slot is given back."""

import asyncio


class Pool:
    def __init__(self):
        self.free = asyncio.Semaphore(1)

    async def request(self):
        async with self.free:
            await asyncio.sleep(0.1)
            await asyncio.sleep(0.1)

    async def main(self):
        task = asyncio.create_task(self.request())
        await asyncio.sleep(0.15)
        task.cancel()
        await asyncio.wait([task])


setup = Pool
THREADS = [lambda pool: asyncio.run(pool.main())]


def check(pool):
    assert not pool.free.locked()
