"""The old total is read before the await, and the sum is stored behind it."""

import asyncio

EXPECT = "check"


class Counter:
    def __init__(self):
        self.total = 0

    async def one(self):
        await asyncio.sleep(0)
        return 1

    async def add(self):
        self.total = self.total + await self.one()

    async def main(self):
        async with asyncio.TaskGroup() as group:
            group.create_task(self.add())
            group.create_task(self.add())


setup = Counter
THREADS = [lambda counter: asyncio.run(counter.main())]


def check(counter):
    assert counter.total == 2, f"the total is {counter.total}"
