"""Asks whether it is closed, flushes, and only then says that it is."""

import asyncio

EXPECT = "check"


class Conn:
    def __init__(self):
        self.closed = False
        self.fin = 0

    async def flush(self):
        await asyncio.sleep(0)

    async def close(self):
        if self.closed:
            return
        await self.flush()
        self.closed = True
        self.fin += 1


async def setup():
    return Conn()


async def closer(c):
    await c.close()


THREADS = [closer, closer]


def check(c):
    assert c.fin == 1, f"FIN sent {c.fin} times"
