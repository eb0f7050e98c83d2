"""A job that fails is never called done, and join waits for it."""

import asyncio
from types import SimpleNamespace

EXPECT = "deadlock"


async def setup():
    return SimpleNamespace(done=0)


async def main(s):
    q = asyncio.Queue()

    async def worker():
        while True:
            job = await q.get()
            await asyncio.sleep(0)
            if job == 1:
                raise ValueError(job)
            s.done += 1
            q.task_done()

    for j in range(3):
        q.put_nowait(j)
    ws = [asyncio.create_task(worker()) for _ in range(2)]
    await q.join()
    for w in ws:
        w.cancel()
    await asyncio.gather(*ws, return_exceptions=True)


THREADS = [main]


def check(s):
    assert s.done == 2
