"""What does it cost to add one so that nothing is lost: a lock, or an atomic operation?

    PYTHONPATH=lessons python lessons/lesson_05/atomic_add.py

Python has no atomic integers of its own; the package `atomics` brings them, for memory that processes share.
Each way is timed twice: by one thread or process alone, and by all of them on the same counter.
"""

import atexit
import contextlib
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from reporter import ctrl_c_ignored, now, params, row, skip, span

try:
    import atomics
except (ImportError, OSError):  # OSError: its compiled part does not fit this system
    atomics = None

PROCESSES = 2
BATCH = 20  # additions between two looks at the clock

counter = 0
thread_lock = threading.Lock()


# region threading.Lock
def add_with_thread_lock():
    global counter
    with thread_lock:  # <-
        counter += 1


# endregion


def share(the_barrier, the_lock, the_array):
    """Keep what all processes share; the atomic integer is a view of the array's only number."""
    global barrier, process_lock, array, integer
    barrier, process_lock, array = the_barrier, the_lock, the_array
    if atomics:
        views = contextlib.ExitStack()
        integer = views.enter_context(atomics.atomicview(memoryview(array).cast("B"), atomics.INT))
        atexit.register(views.close)


def add_with_process_lock():
    with process_lock:
        array[0] += 1


# region atomics: fetch_add
def fetch_add():
    integer.fetch_add(1)  # <-


def compare_and_exchange():
    seen = integer.load()
    while not (result := integer.cmpxchg_weak(seen, seen + 1)).success:
        seen = result.expected  # another was faster: try again from what is there now


def load_then_store():
    integer.store(integer.load() + 1)  # each of the two is atomic; the pair is not


# endregion


def repeat(step, seconds, together):
    """Do `step` until the time is over; say who did it, from when to when, and how often."""
    if together:
        barrier.wait(timeout=30)
    start, done = now(), 0
    while now() < start + seconds * 1e6:
        for _ in range(BATCH):
            step()
        done += BATCH
    return os.getpid(), threading.get_native_id(), start, now(), done


def price(turns):
    """Give how often something was done, and the wall-clock nanoseconds of one time."""
    _, _, starts, ends, counts = zip(*turns, strict=True)
    return sum(counts), round((max(ends) - min(starts)) * 1000 / max(sum(counts), 1), 1)


def measure(variant, pool, step, seconds, read):
    try:
        solo = [price([pool.submit(repeat, step, seconds / 40, False).result()]) for _ in range(20)]
        ns_alone = min(ns for _, ns in solo)  # the one that other programs disturbed least
        before = read()
        turns = [pool.submit(repeat, step, seconds, True) for _ in range(barrier.parties)]
        turns = [turn.result() for turn in turns]
    except BaseException:
        barrier.abort()  # nobody shall wait there for one who will not come
        raise
    for process, thread, start, end, _ in turns:
        span(variant, thread, start, end, process)
    expected, ns_per_op = price(turns)
    actual = read() - before
    ids = [process if process != os.getpid() else thread for process, thread, *_ in turns]
    row(variant=variant, threads=ids, expected=expected, actual=actual, lost=expected - actual,
        lost_share=round((expected - actual) / max(expected, 1), 4), ops=expected,
        ns_per_op=ns_per_op, ns_alone=ns_alone)  # fmt: skip


def main(threads, seconds):
    global barrier
    barrier = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        measure("threading.Lock", pool, add_with_thread_lock, seconds, lambda: counter)

    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    shared = context.Barrier(PROCESSES), context.Lock(), context.RawArray("q", 1)
    share(*shared)
    with ProcessPoolExecutor(PROCESSES, context, initializer=share, initargs=shared) as pool:
        with ctrl_c_ignored():
            for _ in range(PROCESSES):
                pool.submit(os.getpid)
        for variant, step in {
            "multiprocessing.Lock": add_with_process_lock,
            "atomics: fetch_add": fetch_add,
            "atomics: cmpxchg loop": compare_and_exchange,
            "atomics: load, then store": load_then_store,
        }.items():
            if variant.startswith("atomics") and not atomics:
                skip(variant, "the package atomics is not installed", get="pip install 'mtlearn[lab]'")
            else:
                measure(variant, pool, step, seconds, lambda: array[0])


if __name__ == "__main__":
    try:
        main(**params(threads=4, seconds=0.25))
    except KeyboardInterrupt:
        sys.exit(130)
