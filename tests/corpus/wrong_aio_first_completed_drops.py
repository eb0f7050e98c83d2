"""Takes one of those that are done, and cancels the rest: two may be done at once."""

import asyncio

EXPECT = "deadlock"


class S:
    def __init__(self):
        self.got = []


async def setup():
    s = S()
    s.a, s.b = asyncio.Queue(), asyncio.Queue()
    return s


async def give_a(s):
    await asyncio.sleep(0.01)
    s.a.put_nowait("a")


async def give_b(s):
    await asyncio.sleep(0.01)
    s.b.put_nowait("b")


async def take(s):
    while len(s.got) < 2:
        ts = [asyncio.create_task(s.a.get()), asyncio.create_task(s.b.get())]
        done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_COMPLETED)
        s.got.append(done.pop().result())
        for p in pending:
            p.cancel()


THREADS = [give_a, give_b, take]


def check(s):
    assert sorted(s.got) == ["a", "b"]
