"""gather raises at the first error: the session is closed while the other request uses it."""

import asyncio

EXPECT = "check"


class Session:
    def __init__(self):
        self.open = True
        self.bad = 0

    async def request(self, k):
        await asyncio.sleep(0.01)
        if not self.open:
            self.bad += 1
            return
        if k == 0:
            raise ConnectionError
        await asyncio.sleep(0.01)
        if not self.open:
            self.bad += 1


async def setup():
    return Session()


async def main(s):
    try:
        await asyncio.gather(s.request(0), s.request(1))
    except ConnectionError:
        pass
    s.open = False
    await asyncio.sleep(0.1)


THREADS = [main]


def check(s):
    assert s.bad == 0, "used after close"
