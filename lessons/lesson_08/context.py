"""Which request does this log line belong to? Its id is in a context variable; then the work goes to a pool.

PYTHONPATH=lessons python lessons/lesson_08/context.py
"""

import asyncio
import contextvars
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from log_line import log_line, log_line_for, request
from reporter import ctrl_c_ignored, lane, params, row, skip

REQUESTS = ("r-1", "r-2", "r-3")


def tell(variant, seen):
    row(variant=variant, asked=" ".join(REQUESTS), seen=" ".join(seen), right=sum(map(str.__eq__, seen, REQUESTS)))


def each(variant, handle):
    """Three requests, each in its own context, as a server has them."""

    def one(name):
        request.set(name)
        return handle(name)

    tell(variant, [contextvars.Context().run(one, name) for name in REQUESTS])


def in_callback(pool):
    """What the callback of a future sees, which the pool's thread calls."""
    seen, begin = [], threading.Event()
    future = pool.submit(begin.wait)
    future.add_done_callback(lambda _: seen.append(log_line()))
    begin.set()
    pool.submit(int).result()  # one thread: the callback has been called by then
    return seen[0]


# region run_in_executor, to_thread
async def to_thread(name):
    request.set(name)
    return await asyncio.to_thread(log_line)


async def in_executor(name):
    request.set(name)
    return await asyncio.get_running_loop().run_in_executor(None, log_line)  # <-


# endregion


async def at_once(handle):
    return await asyncio.gather(*map(handle, REQUESTS))  # each is a task with its own context


def with_loky():
    variant = "loky: submit"
    try:
        from loky import get_reusable_executor
    except ImportError:
        skip(variant, "the package loky is not installed", get="pip install 'mtlearn[lab]'")
        return
    with ctrl_c_ignored():
        pool = get_reusable_executor(1, timeout=20)
        each(variant, lambda name: pool.submit(log_line).result())


def main():
    lane(threading.get_native_id(), "main")
    with ThreadPoolExecutor(1) as pool:
        lane(pool.submit(threading.get_native_id).result(), "pool")
        each("ThreadPoolExecutor: submit", lambda name: pool.submit(log_line).result())
        each("ThreadPoolExecutor: a callback", lambda name: in_callback(pool))
        each("ThreadPoolExecutor: copy_context().run",
             lambda name: pool.submit(contextvars.copy_context().run, log_line).result())  # fmt: skip
    tell("asyncio: run_in_executor", asyncio.run(at_once(in_executor)))
    tell("asyncio: to_thread", asyncio.run(at_once(to_thread)))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        with ctrl_c_ignored():
            each("ProcessPoolExecutor: submit", lambda name: pool.submit(log_line).result())
        process = pool.submit(os.getpid).result()
        lane(process, "process", process)
        each("ProcessPoolExecutor: the id sent along", lambda name: pool.submit(log_line_for, name).result())
    with_loky()


if __name__ == "__main__":
    params()
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
