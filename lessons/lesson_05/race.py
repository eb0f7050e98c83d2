"""Several threads add to one counter at the same time. Which ways of adding one lose updates?

    PYTHONPATH=lessons python lessons/lesson_05/race.py

All start together at a barrier, add for a fixed time, and count what they did themselves.
The counter should hold the sum of these counts; what is missing was lost.
"""

import multiprocessing
import os
import queue
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from reporter import ctrl_c_ignored, now, params, row, span

PROCESSES = 2
BATCH = 20  # additions between two looks at the clock

# ---- Threads see the same variables.

x = 0
cell = [0]
lock = threading.Lock()
mailbox = queue.Queue(maxsize=100)  # bounded: who puts faster than the owner takes has to wait


# region x += 1
def add_to_a_variable():
    global x
    x += 1  # <-


def add_across_a_call():
    cell[0] += int(1)  # noqa: RUF046, UP018 - the call stands between the read and the write


def read_sleep_write():
    value = cell[0]
    time.sleep(0)  # stands for anything that lets another thread run
    cell[0] = value + 1


# endregion


def read_sleep_write_locked():
    with lock:
        read_sleep_write()


def put_in_mailbox():
    mailbox.put(1)  # the counter is not touched here: its owner does that


def own_the_counter():
    global x
    for message in iter(mailbox.get, None):
        x += message


# ---- Processes have each their own variables; they share only what is made for it.


def share(the_barrier, the_lock, the_array, the_value):
    global barrier, process_lock, array, value
    barrier, process_lock, array, value = the_barrier, the_lock, the_array, the_value


def add_in_shared_memory():
    array[0] += 1


def add_in_shared_memory_locked():
    with process_lock:
        array[0] += 1


def add_to_a_value():
    value.value += 1  # locked while it reads and locked while it writes, but not in between


# ---- The measurement is the same for both.


def repeat(step, seconds):
    """Do `step` until the time is over; say who did it, from when to when, and how often."""
    barrier.wait(timeout=30)
    start, done = now(), 0
    while now() < start + seconds * 1e6:
        for _ in range(BATCH):
            step()
        done += BATCH
    return os.getpid(), threading.get_native_id(), start, now(), done


def race(pool, step, seconds):
    """Let everyone in the pool do `step` at once: each waits at the barrier, so nobody gets two turns."""
    try:
        turns = [pool.submit(repeat, step, seconds) for _ in range(barrier.parties)]
        return [turn.result() for turn in turns]
    except BaseException:
        barrier.abort()  # nobody shall wait there for one who will not come
        raise


def tell(variant, turns, actual, **more):
    for process, thread, start, end, _ in turns:
        span(variant, thread, start, end, process)
    pids, threads, starts, ends, counts = zip(*turns, strict=True)
    expected = sum(counts)
    lost = expected - actual
    ids = threads if set(pids) == {os.getpid()} else pids
    row(variant=variant, threads=list(ids), expected=expected, actual=actual, lost=lost,
        lost_share=round(lost / max(expected, 1), 4), ops=expected,
        ns_per_op=round((max(ends) - min(starts)) * 1000 / max(expected, 1), 1), **more)  # fmt: skip


def race_threads(threads, seconds):
    global barrier, x
    barrier = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        gil = getattr(sys, "_is_gil_enabled", lambda: True)()
        tell("x += 1", race(pool, add_to_a_variable, seconds), x, gil=gil)

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)  # offer the interpreter to the next thread as often as possible
        try:
            turns = race(pool, add_across_a_call, seconds)
        finally:
            sys.setswitchinterval(before)
        tell("c[0] += int(1)", turns, cell[0])

        cell[0] = 0
        tell("read, sleep(0), write", race(pool, read_sleep_write, seconds), cell[0])

        cell[0] = 0
        tell("with lock: read, sleep(0), write", race(pool, read_sleep_write_locked, seconds), cell[0])

        x = 0
        owner = threading.Thread(target=own_the_counter, daemon=True)
        owner.start()
        turns = race(pool, put_in_mailbox, seconds)
        mailbox.put(None)
        owner.join()
        tell("one owner and a queue", turns, x, owner=owner.native_id)


def race_processes(seconds):
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    shared = context.Barrier(PROCESSES), context.Lock(), context.RawArray("q", 1), context.Value("q", 0)
    share(*shared)
    with ProcessPoolExecutor(PROCESSES, context, initializer=share, initargs=shared) as pool:
        with ctrl_c_ignored():
            for _ in range(PROCESSES):
                pool.submit(os.getpid)
        tell("2 processes: shared[0] += 1", race(pool, add_in_shared_memory, seconds), array[0])
        tell("2 processes: Value.value += 1", race(pool, add_to_a_value, seconds), value.value)
        array[0] = 0
        tell("2 processes: with lock: += 1", race(pool, add_in_shared_memory_locked, seconds), array[0])


def main(threads, seconds):
    race_threads(threads, seconds)
    race_processes(seconds)


if __name__ == "__main__":
    try:
        main(**params(threads=4, seconds=0.25))
    except KeyboardInterrupt:
        sys.exit(130)
