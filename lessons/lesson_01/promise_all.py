"""Does asyncio.gather make things run at the same time?

    PYTHONPATH=lessons python lessons/lesson_01/promise_all.py

Four functions that calculate, and four that wait, are started together. Each notes when it began and ended, so we
can count how many were under way at once.
"""

import asyncio
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256

from reporter import ctrl_c_ignored, now, params, row, span

JOBS = 4
WAIT = 0.05  # s
PROCESSES = 2


def stretch(rounds):
    """CPU work; gives who did it, from when to when."""
    start = now()
    hash = b"password"
    for _ in range(rounds):
        hash = sha256(hash).digest()
    return os.getpid(), threading.get_native_id(), start, now()


async def calculate(rounds):
    return stretch(rounds)


async def wait():
    """Nobody calculates while a timer, a socket or a disk is awaited."""
    start = now()
    await asyncio.sleep(WAIT)
    return os.getpid(), threading.get_native_id(), start, now()


# region in turn, and all at once
async def in_turn(job):
    return [await job() for _ in range(JOBS)]


async def all_at_once(job):
    return await asyncio.gather(*[job() for _ in range(JOBS)])  # <-


# endregion


def stretch_several(jobs, rounds):
    return [stretch(rounds) for _ in range(jobs)]


async def on_processes(pool, rounds):
    """Two processes, each with every second job."""
    loop = asyncio.get_running_loop()
    halves = [loop.run_in_executor(pool, stretch_several, JOBS // PROCESSES, rounds) for _ in range(PROCESSES)]
    return [turn for half in await asyncio.gather(*halves) for turn in half]


def most_at_once(turns):
    """The largest number of turns that were under way at the same moment."""
    return max(sum(begin <= start < end for _, _, begin, end in turns) for _, _, start, _ in turns)


async def measure(variant, running):
    start = now()
    turns = await running
    wall = now() - start
    for process, thread, begin, end in turns:
        span(variant, thread, begin, end, process)
    work = sum(end - begin for _, _, begin, end in turns)
    row(variant=variant, threads=sorted({thread for _, thread, _, _ in turns}), at_once=most_at_once(turns),
        work_ns=round(work * 1000), wall_ns=round(wall * 1000))  # fmt: skip


async def main(rounds):
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        with ctrl_c_ignored():
            warm = [pool.submit(stretch, rounds) for _ in range(PROCESSES)]
        for future in warm:
            await asyncio.wrap_future(future)
        await measure("calculate, in turn", in_turn(lambda: calculate(rounds)))
        await measure("calculate, asyncio.gather", all_at_once(lambda: calculate(rounds)))
        await measure("wait 50 ms, in turn", in_turn(wait))
        await measure("wait 50 ms, asyncio.gather", all_at_once(wait))
        await measure("calculate, two processes", on_processes(pool, rounds))


if __name__ == "__main__":
    try:
        asyncio.run(main(**params(rounds=100_000)))
    except KeyboardInterrupt:
        sys.exit(130)
