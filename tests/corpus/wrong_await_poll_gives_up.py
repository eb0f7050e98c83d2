"""A poll that awaits between its rounds and gives up after twenty of them."""

import asyncio

EXPECT = "check"


class Box:
    def __init__(self):
        self.ready = False
        self.data = self.seen = None

    async def put(self):
        await asyncio.sleep(0.1)
        self.data = 42
        self.ready = True

    async def take(self):
        for _ in range(20):
            if self.ready:
                break
            await asyncio.sleep(0.02)
        self.seen = self.data


setup = Box
THREADS = [Box.put, Box.take]


def check(box):
    assert box.seen == 42, f"saw {box.seen}"
