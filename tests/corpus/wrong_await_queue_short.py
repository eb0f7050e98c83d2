"""A consumer that awaits one item more than is put."""

import asyncio

EXPECT = "deadlock"


async def main(_):
    queue = asyncio.Queue(1)

    async def produce():
        for item in range(2):
            await queue.put(item)

    async def consume():
        for _ in range(3):
            await queue.get()

    async with asyncio.TaskGroup() as group:
        group.create_task(produce())
        group.create_task(consume())


def setup():
    return None


THREADS = [lambda state: asyncio.run(main(state))]


def check(_):
    pass
