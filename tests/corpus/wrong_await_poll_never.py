"""A poll that awaits between its rounds for what nobody does."""

import asyncio

EXPECT = "livelock"


class Box:
    def __init__(self):
        self.ready = False

    async def take(self):
        while not self.ready:
            await asyncio.sleep(0)


setup = Box
THREADS = [Box.take]


def check(_):
    pass
