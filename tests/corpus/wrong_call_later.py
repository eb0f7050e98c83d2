"""A call_later sets what is read a tenth of a second later: the loop may be quicker, or late."""

import asyncio

EXPECT = "check"


class Box:
    def __init__(self):
        self.data = self.seen = None

    def put(self):
        self.data = 42

    async def run(self):
        loop = asyncio.get_running_loop()
        loop.call_later(0.2, self.put)
        await asyncio.sleep(0.3)
        self.seen = self.data


setup = Box
THREADS = [Box.run]


def check(box):
    assert box.seen == 42, f"saw {box.seen}"
