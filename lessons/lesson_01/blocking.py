"""What happens to an event loop while somebody calculates? A heart should beat every 10 ms; who lets it?

    PYTHONPATH=lessons python lessons/lesson_01/blocking.py

The same calculation is run in five ways. A task of the same loop counts the beats and notes how late they come.
"""

import asyncio
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from itertools import pairwise

from reporter import ctrl_c_ignored, lane, mark, now, params, row, span

PERIOD = 10_000  # µs between two beats
SLICES = 40


longest = 0  # µs of the longest time that somebody calculated without a break


def stretch(hash, rounds):
    """CPU work: the hash of the hash of the hash ... of a password, as password hashing does it."""
    global longest
    start = now()
    for _ in range(rounds):
        hash = sha256(hash).digest()
    longest = max(longest, now() - start)
    return hash


def stretch_elsewhere(rounds):
    """The same, and who did it from when to when."""
    start = now()
    hash = stretch(b"password", rounds)
    return hash, os.getpid(), threading.get_native_id(), start, now()


async def inline(rounds, pool):
    return stretch(b"password", rounds)


async def nothing():
    """Awaiting this goes on at once: nothing else gets its turn."""


async def slices_without_a_turn(rounds, pool):
    hash = b"password"
    for _ in range(SLICES):
        hash = stretch(hash, rounds // SLICES)
        await nothing()
    return hash


# region slices
async def slices_with_a_turn(rounds, pool):
    hash = b"password"
    for _ in range(SLICES):
        hash = stretch(hash, rounds // SLICES)
        await asyncio.sleep(0)  # goes on after one turn of the loop  # <-
    return hash


# endregion


async def in_a_thread(rounds, pool):
    return await asyncio.to_thread(stretch_elsewhere, rounds)


async def in_a_process(rounds, pool):
    return await asyncio.get_running_loop().run_in_executor(pool, stretch_elsewhere, rounds)


async def beat(beats):
    """A heart: note the time, sleep for the period."""
    while True:
        beats.append(now())
        await asyncio.sleep(PERIOD / 1e6)


async def listen(beats, count):
    """Wait for `count` more beats."""
    target = len(beats) + count
    while len(beats) < target:
        await asyncio.sleep(0.005)


async def measure(variant, way, rounds, pool):
    global longest
    beats = []
    heart = asyncio.create_task(beat(beats))
    await listen(beats, 3)
    longest = 0
    start = now()
    hash = await way(rounds, pool)
    end = now()
    await listen(beats, 1)  # the first beat afterwards is late too
    heart.cancel()

    loop_thread = threading.get_native_id()
    process, thread, began, ended = os.getpid(), loop_thread, start, end
    if isinstance(hash, tuple):
        hash, process, thread, began, ended = hash
    if thread != loop_thread:
        lane(thread, variant.split()[1], process)
    span("hashing", thread, began, ended, process, scene=variant)
    for at in beats:
        mark("beat", loop_thread, at=at, scene=variant)
    lags = [after - before - PERIOD for before, after in pairwise(beats) if after > start]
    row(variant=variant, threads=[thread], took_ns=round((end - start) * 1000),
        beats=sum(start < at < end for at in beats), due=int((end - start) // PERIOD),
        worst_ns=round(max(lags) * 1000), longest_ns=round(longest * 1000), hash=hash.hex()[:8])  # fmt: skip


async def main(rounds):
    rounds -= rounds % SLICES
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    with ProcessPoolExecutor(1, context) as pool:
        with ctrl_c_ignored():
            warm = pool.submit(stretch_elsewhere, rounds // 10)
        await asyncio.wrap_future(warm)
        lane(threading.get_native_id(), "loop")
        for variant, way in {
            "inline, in an async def": inline,
            "slices, await what never suspends": slices_without_a_turn,
            "slices, await asyncio.sleep(0)": slices_with_a_turn,
            "a thread (asyncio.to_thread)": in_a_thread,
            "a process": in_a_process,
        }.items():
            await measure(variant, way, rounds, pool)


if __name__ == "__main__":
    try:
        asyncio.run(main(**params(rounds=400_000)))
    except KeyboardInterrupt:
        sys.exit(130)
