"""A place is counted for a task before it runs; cancelled before its first step, it never comes to its finally."""

import asyncio

EXPECT = "check"


class Pool:
    def __init__(self):
        self.free = 1

    async def work(self):
        try:
            await asyncio.sleep(0.1)
        finally:
            self.free += 1

    async def main(self):
        self.free -= 1
        task = asyncio.create_task(self.work())
        task.cancel()
        await asyncio.wait([task])


setup = Pool
THREADS = [lambda pool: asyncio.run(pool.main())]


def check(pool):
    assert pool.free == 1, f"{pool.free} of 1 places are free"
