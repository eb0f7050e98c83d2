"""Who closes second awaits the same closing."""

import asyncio


class Conn:
    def __init__(self):
        self.closing = None
        self.fin = 0

    async def _close(self):
        await asyncio.sleep(0)
        self.fin += 1

    async def close(self):
        if self.closing is None:
            self.closing = asyncio.ensure_future(self._close())
        await self.closing


async def setup():
    return Conn()


async def closer(c):
    await c.close()


THREADS = [closer, closer]


def check(c):
    assert c.fin == 1, f"FIN sent {c.fin} times"
