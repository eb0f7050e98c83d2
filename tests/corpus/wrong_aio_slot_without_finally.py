"""A context manager whose yield stands in no try keeps the slot when its body is cancelled."""

import asyncio
import contextlib

EXPECT = "check"


class S:
    def __init__(self):
        self.free = 1

    @contextlib.asynccontextmanager
    async def slot(self):
        while not self.free:
            await asyncio.sleep(0.01)
        self.free -= 1
        yield
        self.free += 1


async def setup():
    return S()


async def use(s):
    async with s.slot():
        await asyncio.sleep(0.01)


async def main(s):
    try:
        await asyncio.wait_for(use(s), 0.05)
    except TimeoutError:
        pass


THREADS = [main]


def check(s):
    assert s.free == 1
