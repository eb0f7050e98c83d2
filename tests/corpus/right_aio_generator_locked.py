"""Two tasks take from one asynchronous generator, one at a time."""

import asyncio
from types import SimpleNamespace


async def numbers():
    for number in range(3):
        await asyncio.sleep(0)
        yield number


def setup():
    return SimpleNamespace(numbers=numbers(), got=[], lock=asyncio.Lock())


async def take(state):
    while True:
        async with state.lock:
            number = await anext(state.numbers, None)
        if number is None:
            return
        state.got.append(number)


THREADS = [take, take]


def check(state):
    assert sorted(state.got) == [0, 1, 2], f"{state.got}"
