"""A lock of a flag and futures: who is woken takes it without looking again, and another came first."""

import asyncio

EXPECT = "check"


class Lock:
    def __init__(self):
        self.locked = False
        self.waiters = []

    async def acquire(self):
        if self.locked:
            f = asyncio.get_running_loop().create_future()
            self.waiters.append(f)
            await f
        self.locked = True

    def release(self):
        self.locked = False
        if self.waiters:
            self.waiters.pop(0).set_result(None)


class S:
    def __init__(self):
        self.lock = Lock()
        self.n = 0


async def setup():
    return S()


async def add(s):
    await asyncio.sleep(0.02)  # arrives some time
    await s.lock.acquire()
    x = s.n
    await asyncio.sleep(0.01)
    s.n = x + 1
    s.lock.release()


THREADS = [add, add, add]


def check(s):
    assert s.n == 3, s.n
