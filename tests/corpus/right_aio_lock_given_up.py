"""Who waits for a lock for too long goes away without it."""

import asyncio


class S:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.n = 0


async def setup():
    return S()


async def hold(s):
    async with s.lock:
        x = s.n
        await asyncio.sleep(0.01)
        s.n = x + 1


async def impatient(s):
    try:
        await asyncio.wait_for(s.lock.acquire(), 0.1)
    except TimeoutError:
        return
    try:
        x = s.n
        await asyncio.sleep(0)
        s.n = x + 1
    finally:
        s.lock.release()


THREADS = [hold, impatient]


def check(s):
    assert not s.lock.locked()
    assert s.n in (1, 2)
