"""A bounded queue with a sentinel, task_done and join."""

import asyncio


class Line:
    def __init__(self):
        self.queue = asyncio.Queue(1)
        self.done = []

    async def produce(self):
        for item in (1, 2, None):
            await self.queue.put(item)

    async def consume(self):
        while (item := await self.queue.get()) is not None:
            self.done.append(item)


setup = Line
THREADS = [Line.produce, Line.consume]


def check(line):
    assert line.done == [1, 2]
