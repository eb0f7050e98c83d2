"""The one notify goes to a waiter whose time has passed, and who passes it on to nobody."""

import asyncio

EXPECT = "check"


class S:
    def __init__(self):
        self.c = asyncio.Condition()
        self.items = []
        self.got = 0


async def setup():
    return S()


async def take(s, limit):
    async with s.c:
        while not s.items:
            await asyncio.wait_for(s.c.wait(), limit)
        s.items.pop()
        s.got += 1


async def hasty(s):
    try:
        await take(s, 0.05)
    except TimeoutError:
        pass


async def put(s):
    await asyncio.sleep(0.02)
    async with s.c:
        s.items.append(1)
        s.c.notify()


THREADS = [hasty, put]


def check(s):
    assert s.got == 1, "nobody took it"
