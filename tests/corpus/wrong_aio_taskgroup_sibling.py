"""One task fails and the group cancels the other between take and give back."""

import asyncio

EXPECT = "check"


class S:
    def __init__(self):
        self.free = 1

    async def use(self):
        self.free -= 1
        await asyncio.sleep(0.01)
        self.free += 1

    async def fail(self):
        await asyncio.sleep(0.01)
        raise ValueError

    async def main(self):
        try:
            async with asyncio.TaskGroup() as g:
                g.create_task(self.use())
                g.create_task(self.fail())
        except* ValueError:
            pass


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert s.free == 1
