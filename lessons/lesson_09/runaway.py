"""A worker that never ends, or wants more and more memory: what stops it, and what does it take along?

    PYTHONPATH=lessons python lessons/lesson_09/runaway.py

A thread cannot be stopped from outside, and has no limit of its own; a process can, and may have one.
"""

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process

from reporter import now, row, skip

MB = 1_000_000
LIMIT = 300 * MB


# ---- a thread


def endless_thread():
    turns, stop = [0], threading.Event()

    def never_end():
        while not stop.is_set():  # only because it asks can it be ended at all
            turns[0] += 1
        return threading.get_native_id()

    with ThreadPoolExecutor(1) as pool:
        thread = pool.submit(threading.get_native_id).result()
        answer = pool.submit(never_end)
        try:
            answer.result(timeout=0.02)
            end = "an answer"
        except TimeoutError:
            end = "late"
        seen = turns[0]
        while turns[0] == seen:  # until it has done some more
            pass
        row(variant="a time limit on the answer", threads=[thread], end=end, after="it still runs")
        start = now()
        stop.set()
        answer.result()
    row(variant="a flag it looks at", threads=[thread], end="it returned", took_ns=round((now() - start) * 1000),
        after="because it looked")  # fmt: skip


# ---- processes


def end_with_parent():
    """A process that runs for ever must not outlive the one that started it."""
    parent_process().join()
    os._exit(1)


def never_end(pipe, lock, deaf=False):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    # region a process that holds a lock
    lock[0] = 1  # it holds a lock in shared memory, and will not give it back
    pipe.send("running")
    while True:  # <-
        pass
    # endregion


def take_memory(pipe, megabytes, limit):
    """Take so much memory piece by piece, where no more than `limit` bytes are allowed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    taken = []
    try:
        for _ in range(megabytes // 10):
            taken.append(bytearray(10 * MB))
        end = f"it got {len(taken) * 10} MB"
    except MemoryError:
        taken.clear()
        end = "MemoryError"
    pipe.send(end)


def start(work, *arguments):
    pipe, other = SPAWN.Pipe()
    process = SPAWN.Process(target=work, args=(other, *arguments), daemon=True)
    process.start()
    other.close()
    return process, pipe


def endless_processes():
    lock, other_lock = SPAWN.RawArray("b", 1), SPAWN.RawArray("b", 1)
    process, pipe = start(never_end, lock)
    deaf, deaf_pipe = start(never_end, other_lock, True)
    pipe.recv()
    deaf_pipe.recv()
    stop("terminate()", process, process.terminate, lock)
    stop("terminate(), SIGTERM is ignored", deaf, deaf.terminate, other_lock, patience_s=0.1)
    stop("kill(), SIGTERM is ignored", deaf, deaf.kill, other_lock)


def stop(variant, process, how, lock, patience_s=None):
    begun = now()
    how()
    process.join(patience_s)
    took_ns = round((now() - begun) * 1000)
    if process.exitcode is None:
        end, after = "late", "it still runs"
    else:
        end, after = f"exit code {process.exitcode}", f"its lock is {'still held' if lock[0] else 'free'}"
    row(variant=variant, threads=[process.pid], end=end, took_ns=took_ns, after=after)


def hungry_processes():
    linux = sys.platform == "linux"
    for variant, limit in (("no limit", 0), ("RLIMIT_AS", LIMIT)):
        if limit and not linux:
            skip(variant, "only Linux keeps to RLIMIT_AS")
            continue
        process, pipe = start(take_memory, 400, limit)
        end = pipe.recv()
        process.join()
        after = "the process lives" if process.exitcode == 0 else "the process is gone"
        row(variant=variant, threads=[process.pid], limit=limit or None, end=end, after=after)


def main():
    endless_thread()
    endless_processes()
    hungry_processes()


if __name__ == "__main__":
    SPAWN = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
