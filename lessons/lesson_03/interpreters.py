"""A thread, an interpreter, a process: whose are the global variables, and do two of them calculate at the same time?

    PYTHONPATH=lessons python lessons/lesson_03/interpreters.py

The three pools of concurrent.futures take the same jobs. One of two workers sets a global variable, and the main
thread looks at its own. Then one worker calculates, and then two do, each as much as the one: with a core each, two
take no longer. Each is measured three times, and the shortest time counts.
"""

import multiprocessing
import os
import sys
import threading
from concurrent import futures

from reporter import ctrl_c_ignored, now, params, row, skip, span

ROUNDS = 3
name = "set by the main thread"


# region one job for all kinds of workers
def set_name():
    global name
    name = "set by the worker"  # <-
    return os.getpid(), threading.get_native_id()


def calculate(times):
    total = 0
    for i in range(times):
        total += i * i % 7
    return total


# endregion


def fastest(pool, workers, times):
    """How long so many workers of the pool take, each for as many times, in µs."""
    took = []
    for _ in range(ROUNDS):
        start = now()
        futures.wait([pool.submit(calculate, times) for _ in range(workers)])
        took.append(now() - start)
    return min(took)


def measure(variant, pool, seconds):
    global name
    name = "set by the main thread"
    with pool:
        start = now()
        process, thread = pool.submit(set_name).result()
        started = now() - start
        span(f"start: {variant}", thread, start, now(), process, state="starting")
        fastest(pool, 2, times := 1000)  # the second one starts, too
        while (tried := fastest(pool, 1, times)) < seconds * 1e6 / 4:
            times *= 2
        times = round(times * seconds * 1e6 / tried)
        alone, together = fastest(pool, 1, times), fastest(pool, 2, times)
    row(variant=variant, threads=[thread], process="the same" if process == os.getpid() else "its own",
        globals="the same" if name == "set by the worker" else "its own", start_ns=round(started * 1000),
        alone_ns=round(alone * 1000), together_ns=round(together * 1000),
        longer=round(together / alone, 2))  # fmt: skip


def main(seconds):
    measure("thread", futures.ThreadPoolExecutor(2), seconds)
    if sys.version_info >= (3, 14):
        measure("interpreter", futures.InterpreterPoolExecutor(2), seconds)
    else:
        skip("interpreter", "InterpreterPoolExecutor came with Python 3.14")
    with ctrl_c_ignored():
        measure("process", futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")), seconds)


if __name__ == "__main__":
    try:
        main(**params(seconds=0.15))
    except KeyboardInterrupt:
        sys.exit(130)
