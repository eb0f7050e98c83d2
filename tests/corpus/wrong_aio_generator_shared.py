"""Two tasks take from one asynchronous generator, which only one may ask at a time."""

import asyncio
from types import SimpleNamespace

EXPECT = "exception"


async def numbers():
    for number in range(4):
        await asyncio.sleep(0)
        yield number


def setup():
    return SimpleNamespace(numbers=numbers(), got=[])


async def take(state):
    async for number in state.numbers:
        state.got.append(number)


THREADS = [take, take]


def check(state):
    assert sorted(state.got) == [0, 1, 2, 3], f"{state.got}"
