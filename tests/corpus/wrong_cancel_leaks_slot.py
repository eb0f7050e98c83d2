"""Cancelled between taking a slot and the try: it is never given back."""

import asyncio

EXPECT = "check"


class Pool:
    def __init__(self):
        self.free = asyncio.Semaphore(1)

    async def request(self):
        await self.free.acquire()
        await asyncio.sleep(0.1)  # says hello
        try:
            await asyncio.sleep(0.1)
        finally:
            self.free.release()

    async def main(self):
        task = asyncio.create_task(self.request())
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.wait([task])


setup = Pool
THREADS = [lambda pool: asyncio.run(pool.main())]


def check(pool):
    assert not pool.free.locked(), "the slot was not given back"
