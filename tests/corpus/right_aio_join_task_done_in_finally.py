"""A job is called done whether it fails or not."""

import asyncio
from types import SimpleNamespace


async def setup():
    return SimpleNamespace(done=0)


async def main(s):
    q = asyncio.Queue()

    async def worker():
        while True:
            job = await q.get()
            try:
                await asyncio.sleep(0)
                if job == 1:
                    raise ValueError(job)
                s.done += 1
            except ValueError:
                pass
            finally:
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
