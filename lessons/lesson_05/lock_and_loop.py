"""A coroutine wants a lock that somebody else holds for 50 ms. Does its event loop turn while it waits?

PYTHONPATH=lessons python lessons/lesson_05/lock_and_loop.py
"""

import asyncio
import sys
import threading
import time

from reporter import params, row

HELD, BEAT = 0.05, 0.002  # s


class Counter:
    value = 0


async def beating(beats):
    while True:
        await asyncio.sleep(BEAT)
        beats.append(1)


async def measure(variant, hold, acquire, release, other):
    """`hold` starts somebody who adds one under the lock; then this coroutine does the same."""
    counter, beats = Counter(), []
    ended = await hold(counter)
    heart = asyncio.create_task(beating(beats))
    await asyncio.sleep(BEAT)
    before, begun = len(beats), time.perf_counter_ns()
    await acquire()
    took, meanwhile = time.perf_counter_ns() - begun, len(beats) - before
    try:
        counter.value += 1
    finally:
        release()
    heart.cancel()
    await ended()
    row(variant=variant, threads=[threading.get_native_id(), *other()], took_ns=took, beats=meanwhile,
        expected=2, counted=counter.value, lost=2 - counter.value)  # fmt: skip


async def a_lock_of_threads(variant, in_a_thread):
    lock, held, ids = threading.Lock(), threading.Event(), []

    def worker(counter):
        with lock:
            ids.append(threading.get_native_id())
            held.set()
            seen = counter.value
            time.sleep(HELD)
            counter.value = seen + 1

    async def hold(counter):
        thread = threading.Thread(target=worker, args=(counter,))
        thread.start()
        held.wait()

        async def ended():
            thread.join()

        return ended

    # region to take a lock of threads
    async def acquire():
        if in_a_thread:
            await asyncio.to_thread(lock.acquire)  # a Lock may be released by another thread than the one that took it
        else:
            lock.acquire()  # <-

    # endregion

    await measure(variant, hold, acquire, lock.release, lambda: ids)


async def a_lock_of_asyncio(variant):
    lock = asyncio.Lock()

    async def worker(counter):
        async with lock:
            seen = counter.value
            await asyncio.sleep(HELD)
            counter.value = seen + 1

    async def hold(counter):
        task = asyncio.create_task(worker(counter))
        await asyncio.sleep(0)

        async def ended():
            await task

        return ended

    await measure(variant, hold, lock.acquire, lock.release, list)


async def main():
    await a_lock_of_threads("threading.Lock", False)
    await a_lock_of_threads("threading.Lock, in to_thread", True)
    await a_lock_of_asyncio("asyncio.Lock, between tasks")


if __name__ == "__main__":
    params()
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
