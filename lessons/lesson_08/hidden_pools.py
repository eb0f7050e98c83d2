"""A pool you did not start: asyncio.to_thread. Fill it with sleepers, and see what a quick call has to wait for.

PYTHONPATH=lessons python lessons/lesson_08/hidden_pools.py
"""

import asyncio
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from reporter import lane, now, params, row, span

SLEEP_S = 0.3


def default_size():
    """How many threads asyncio's default executor may start, as its documentation says."""
    cores = getattr(os, "process_cpu_count", os.cpu_count)() or 1
    return min(32, cores + 4)


def sleeper():
    start = now()
    time.sleep(SLEEP_S)
    return "slow", threading.get_native_id(), start, now()


def quick():
    start = now()
    return "quick", threading.get_native_id(), start, now()


async def race(variant, size, sleepers, run_sleeper):
    """Start the sleepers, then one quick call by to_thread; who is done first?"""
    begin = now()
    order, turns = [], []

    async def watch(calling):
        turn = await calling
        order.append(turn[0])
        turns.append(turn)
        return now() - begin

    # region sleepers, then something quick
    slow = [asyncio.create_task(watch(run_sleeper())) for _ in range(sleepers)]
    await asyncio.sleep(0)  # all of them have been handed over
    took = await watch(asyncio.to_thread(quick))  # <-
    # endregion
    await asyncio.gather(*slow)
    for name, thread, start, end in turns:
        lane(thread, "pool thread")
        span(name, thread, start, end, state="running" if name == "quick" else "waiting", scene=variant)
    row(variant=variant, threads=sorted({thread for _, thread, *_ in turns}), size=size, slow=sleepers,
        first=order[0], took_ns=round(took * 1000))  # fmt: skip


async def main():
    size = default_size()

    def by_default():
        return asyncio.to_thread(sleeper)

    await race("the default pool, one sleeper", size, 1, by_default)
    await race("the default pool, full of sleepers", size, size, by_default)
    with ThreadPoolExecutor(size) as pool:
        loop = asyncio.get_running_loop()
        await race("the sleepers in a pool of their own", size, size, lambda: loop.run_in_executor(pool, sleeper))


if __name__ == "__main__":
    params()
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
