"""A poll that awaits between its rounds until the other is done, however long that takes."""

import asyncio


class Box:
    def __init__(self):
        self.ready = False
        self.data = self.seen = None

    async def put(self):
        await asyncio.sleep(5)
        self.data = 42
        self.ready = True

    async def take(self):
        while not self.ready:
            await asyncio.sleep(0.01)
        self.seen = self.data


setup = Box
THREADS = [Box.put, Box.take]


def check(box):
    assert box.seen == 42
