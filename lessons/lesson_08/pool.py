"""Eight tasks of 100 ms and two workers: who runs what, and when? And what if a worker dies, or nobody wants to wait?

    PYTHONPATH=lessons python lessons/lesson_08/pool.py

The first pool is our own, to see how little one is: a queue of tasks, and threads that take from it.
"""

import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import accumulate

from reporter import ctrl_c_ignored, lane, now, params, row, skip, span

SIZE, TASKS, TASK_S = 2, 8, 0.1


def task(number):
    """A task that takes its time; who ran it, and from when to when."""
    start = now()
    time.sleep(TASK_S)
    return number, os.getpid(), threading.get_native_id(), start, now()


class OwnPool:
    """At most `size` threads, which take tasks from one queue: first in, first out."""

    def __init__(self, size):
        self.tasks = queue.SimpleQueue()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(size)]
        for thread in self.threads:
            thread.start()

    def submit(self, function, *arguments):
        future = Future()
        self.tasks.put((future, function, arguments))
        return future

    # region a worker of the pool
    def work(self):
        while (taken := self.tasks.get()) is not None:  # <-
            future, function, arguments = taken
            if not future.set_running_or_notify_cancel():
                continue  # cancelled while it waited: it takes no turn
            try:
                future.set_result(function(*arguments))
            except BaseException as error:  # the task fails, the worker lives on
                future.set_exception(error)

    # endregion

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in self.threads:
            self.tasks.put(None)  # one for each
        for thread in self.threads:
            thread.join()


def at_once(turns):
    changes = sorted(change for *_, start, end in turns for change in ((start, 1), (end, -1)))
    return max(accumulate(change for _, change in changes))


def eight_tasks(variant, pool):
    begin = now()
    turns = [future.result() for future in [pool.submit(task, number) for number in range(1, TASKS + 1)]]
    processes = any(turn[1] != os.getpid() for turn in turns)
    for number, process, thread, start, end in turns:
        lane(thread, "process" if processes else "thread", process)
        span(f"task {number}", thread, start, end, process, scene=variant)
    ended = sorted(turn[4] - begin for turn in turns)
    row(variant=variant, threads=sorted({turn[1] if processes else turn[2] for turn in turns}), at_once=at_once(turns),
        ended=" ".join(f"{each / 1000:.0f}" for each in ended), last_ns=round(ended[-1] * 1000),
        order=" ".join(str(turn[0]) for turn in sorted(turns, key=lambda turn: turn[3])))  # fmt: skip


def warmed(pool):
    """A pool whose processes have started: to start them is not the point here."""
    with ctrl_c_ignored():
        for future in [pool.submit(time.sleep, 0.05) for _ in range(SIZE)]:
            future.result()
    return pool


def die():
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def killed_in_an_executor(variant, pool):
    with pool:
        try:
            outcome = f"gave {pool.submit(die).result(timeout=20)}"
        except Exception as error:
            outcome = type(error).__name__
    row(variant=variant, threads=[], outcome=outcome)


def killed_in_a_pool(patience_s=1.5):
    with ctrl_c_ignored():
        pool = context.Pool(SIZE)
    with pool:
        pool.apply(os.getpid)  # it works
        try:
            outcome = f"gave {pool.apply_async(die).get(timeout=patience_s)}"
        except multiprocessing.TimeoutError:
            outcome = f"no answer in {patience_s} s"
    row(variant="killed: multiprocessing.Pool", threads=[], outcome=outcome)


def nobody_waits():
    """A time-out ends the waiting, and nothing else."""
    finished = threading.Event()

    def work():
        time.sleep(TASK_S)
        finished.set()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            future.result(timeout=TASK_S / 10)
            outcome = "was there in time"
        except TimeoutError:
            outcome = "TimeoutError"
        cancelled = future.cancel()
    ran = "it ran to its end" if finished.is_set() else "it was stopped"
    row(variant="time-out: ThreadPoolExecutor", threads=[], outcome=f"{outcome}; {ran}", cancelled=cancelled)


def with_loky():
    try:
        from loky import get_reusable_executor
    except ImportError:
        for variant in ("two processes: loky", "killed: loky"):
            skip(variant, "the package loky is not installed", get="pip install 'mtlearn[lab]'")
        return
    pool = warmed(get_reusable_executor(SIZE, timeout=20))
    eight_tasks("two processes: loky", pool)
    killed_in_an_executor("killed: loky", pool)


def main(size):
    with OwnPool(size) as pool:
        eight_tasks("two threads: our own pool", pool)
    with ThreadPoolExecutor(size) as pool:
        eight_tasks("two threads: ThreadPoolExecutor", pool)
    with warmed(ProcessPoolExecutor(size, context)) as pool:
        eight_tasks("two processes: ProcessPoolExecutor", pool)
    killed_in_an_executor("killed: ProcessPoolExecutor", warmed(ProcessPoolExecutor(size, context)))
    killed_in_a_pool()
    with_loky()
    nobody_waits()


context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

if __name__ == "__main__":
    try:
        main(**params(size=SIZE))
    except KeyboardInterrupt:
        sys.exit(130)
