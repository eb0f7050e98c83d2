"""Do two things really run at the same time? Two sides flip one shared number back and forth for a moment.

    PYTHONPATH=lessons python lessons/lesson_02/parallel.py

Side 0 waits for a 0 and makes it a 1, side 1 waits for a 1 and makes it a 0. Sides that take turns on one core get
one flip out of each turn; sides that run at once answer each other within the blink of an eye.
"""

import asyncio
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from reporter import ctrl_c_ignored, now, params, row, span

BATCH = 200  # looks at the number between two looks at the clock


# region flip when it is my turn
def flip(shared, me, end):
    """Flip the number whenever it is this side's turn; say who did it, from when to when, and how often."""
    start, flips = now(), 0
    while now() < end:
        for _ in range(BATCH):
            if shared[0] == me:
                shared[0] = 1 - me  # <-
                flips += 1
    return os.getpid(), threading.get_native_id(), start, now(), flips


# endregion


async def flip_without_await(shared, me, end):
    return flip(shared, me, end)  # `async` alone gives nobody else a turn


async def two_coroutines(seconds):
    shared, end = [0], now() + seconds * 1e6
    return await asyncio.gather(flip_without_await(shared, 0, end), flip_without_await(shared, 1, end))


def take_side(me, seconds):
    """One side, in a thread or in a process: both begin at the barrier."""
    barrier.wait(timeout=30)
    return flip(shared, me, now() + seconds * 1e6)


def share(the_barrier, the_memory):
    global barrier, shared
    barrier, shared = the_barrier, the_memory


def two_sides(pool, seconds):
    try:
        return [turn.result() for turn in [pool.submit(take_side, me, seconds) for me in (0, 1)]]
    except BaseException:
        barrier.abort()  # nobody shall wait there for one who will not come
        raise


def tell(variant, turns):
    pids, threads, starts, ends, flips = zip(*turns, strict=True)
    for process, thread, start, end, _ in turns:
        span(variant, thread, start, end, process)
    seconds = (max(ends) - min(starts)) / 1e6
    row(variant=variant, threads=list(threads if set(pids) == {os.getpid()} else pids), flips=sum(flips),
        per_s=round(sum(flips) / seconds), ns_per_flip=round(seconds * 1e9 / max(sum(flips), 1)))  # fmt: skip


def main(seconds):
    tell("2 coroutines", asyncio.run(two_coroutines(seconds)))

    share(threading.Barrier(2), [0])
    with ThreadPoolExecutor(2) as pool:
        tell("2 threads", two_sides(pool, seconds))

    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    with ctrl_c_ignored():
        shares = context.Barrier(2), context.RawArray("q", 1)
    share(*shares)
    with ProcessPoolExecutor(2, context, initializer=share, initargs=shares) as pool:
        with ctrl_c_ignored():
            for _ in range(2):
                pool.submit(os.getpid)
        tell("2 processes", two_sides(pool, seconds))


if __name__ == "__main__":
    try:
        main(**params(seconds=0.3))
    except KeyboardInterrupt:
        sys.exit(130)
