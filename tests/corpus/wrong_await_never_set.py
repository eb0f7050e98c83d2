"""A future that nobody sets."""

import asyncio

EXPECT = "deadlock"


async def setup():
    return asyncio.get_running_loop().create_future()


async def wait(future):
    await future


THREADS = [wait]


def check(_):
    pass
