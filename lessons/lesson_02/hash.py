"""Two passwords are to be hashed: a long job, and right behind it one a tenth as long. Who waits for whom?

    PYTHONPATH=lessons python lessons/lesson_02/hash.py

A beat every 5 ms tells whether the event loop still turns. The pools are started before the jobs come;
what is started for one job alone is part of its price.
"""

import asyncio
import hashlib
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from reporter import ctrl_c_ignored, lane, mark, now, params, row, span

BEAT_S = 0.005


def hash_password(rounds):
    """Hash a password as slowly as asked for; who did it, and from when to when."""
    start = now()
    hashlib.pbkdf2_hmac("sha512", b"correct horse", b"battery staple", rounds)
    return os.getpid(), threading.get_native_id(), start, now()


# region on the loop, in a thread
async def on_the_loop(rounds):
    return hash_password(rounds)  # `async` alone gives nobody else a turn


async def in_a_thread(rounds):
    return await asyncio.to_thread(hash_password, rounds)  # hashlib lets go of the GIL  # <-


# endregion


def hash_and_send(rounds, pipe):
    pipe.send(hash_password(rounds))


async def in_a_process(rounds):
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=hash_and_send, args=(rounds, send), daemon=True)
    with ctrl_c_ignored():
        process.start()
    send.close()  # ours: the process has its own
    done = await asyncio.to_thread(receive.recv)
    await asyncio.to_thread(process.join)
    return done


def in_an_executor(pool):
    async def run(rounds):
        return await asyncio.wrap_future(pool.submit(hash_password, rounds))

    return run


def in_a_pool(pool):
    async def run(rounds):
        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def done(result):  # in a thread of the pool
            loop.call_soon_threadsafe(answer.set_result, result)

        pool.apply_async(hash_password, (rounds,), callback=done)
        return await answer

    return run


async def scene(variant, hash_it, rounds):
    """Let two jobs come, each as its own task, and see when their answers are there."""
    begin, order, me = now(), [], threading.get_native_id()
    lags, last = [], begin

    async def beat():
        nonlocal last
        while True:
            await asyncio.sleep(BEAT_S)
            lags.append(now() - last - BEAT_S * 1e6)
            last = now()

    async def request(name, work):
        done = await hash_it(work)
        order.append(name)
        mark(f"{name} job answered", me, scene=variant)
        return name, now() - begin, done

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)  # the first beat is under way
    turns = await asyncio.gather(request("long", rounds), request("short", rounds // 10))
    heart.cancel()
    beats, end = len(lags), now()
    lags.append(end - last - BEAT_S * 1e6)

    span("serves", me, begin, end, state="waiting", scene=variant)
    others = any(process != os.getpid() for _, _, (process, *_) in turns)
    for name, _, (process, thread, start, stop) in turns:
        if thread != me:
            lane(thread, "process" if others else "thread", process)
        span(f"{name} job", thread, start, stop, process, scene=variant)
    (_, long, (_, _, start, stop)), (_, short, _) = turns
    row(variant=variant, threads=[process if others else thread for _, _, (process, thread, *_) in turns],
        first=order[0], long_ns=round(long * 1000), short_ns=round(short * 1000), work_ns=round((stop - start) * 1000),
        beats=beats, worst_ns=round(max(lags) * 1000))  # fmt: skip


def begin(barrier):
    barrier.wait(timeout=30)


@contextmanager
def started(processes, make_pool):
    """A pool whose processes have all started."""
    with ctrl_c_ignored():
        barrier = context.Barrier(processes + 1)
        pool = make_pool(processes, barrier)
        if isinstance(pool, ProcessPoolExecutor):
            for _ in range(processes):
                pool.submit(os.getpid)  # an executor starts a process for a job when none is idle
    with pool:
        barrier.wait(timeout=30)
        yield pool


def executor(processes, barrier):
    return ProcessPoolExecutor(processes, context, begin, (barrier,))


def pool_of(processes, barrier):
    return context.Pool(processes, begin, (barrier,))


async def main(rounds):
    lane(threading.get_native_id(), "event loop")
    await scene("on the event loop", on_the_loop, rounds)
    with started(1, executor) as pool:
        await scene("one process: executor", in_an_executor(pool), rounds)
    await scene("a thread each", in_a_thread, rounds)
    await scene("a process each", in_a_process, rounds)
    with started(2, pool_of) as pool:
        await scene("2 processes: Pool", in_a_pool(pool), rounds)
    with started(2, executor) as pool:
        await scene("2 processes: executor", in_an_executor(pool), rounds)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    try:
        asyncio.run(main(**params(rounds=150_000)))
    except KeyboardInterrupt:
        sys.exit(130)
