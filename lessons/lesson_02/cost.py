"""What does a worker cost? How long each kind takes to start, the memory it needs, and five small jobs done by it.

    PYTHONPATH=lessons python lessons/lesson_02/cost.py

The jobs are done twice: by a new worker for each, and by one worker that is kept and used again.
"""

import multiprocessing
import os
import queue
import statistics
import sys
import threading
from contextlib import ExitStack, contextmanager

try:
    import psutil
except ImportError:
    psutil = None

from reporter import ctrl_c_ignored, now, params, row, skip, span

JOBS = 5
STARTED = 3  # workers of a kind that are started to measure one
METHODS = {
    "fork": "process, fork",  # a copy of this process
    "forkserver": "process, forkserver",  # a copy of a small process that was made for this
    "spawn": "process, spawn",  # a new Python
}


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


# region a worker and its jobs
def serve(inbox, outbox):
    """A worker: a number comes in, its Fibonacci number goes out; None ends it."""
    outbox.put(ids())
    for n in iter(inbox.get, None):
        outbox.put(fib(n))  # <-


# endregion


def ids():
    return os.getpid(), threading.get_native_id()


@contextmanager
def thread_worker():
    inbox, outbox = queue.SimpleQueue(), queue.SimpleQueue()
    thread = threading.Thread(target=serve, args=(inbox, outbox), daemon=True)
    thread.start()
    yield inbox, outbox
    inbox.put(None)
    thread.join()


def process_worker(context):
    @contextmanager
    def worker():
        inbox, outbox = context.SimpleQueue(), context.SimpleQueue()
        process = context.Process(target=serve, args=(inbox, outbox), daemon=True)
        with ctrl_c_ignored():
            process.start()
        yield inbox, outbox
        inbox.put(None)
        process.join()

    return worker


@contextmanager
def interpreter_worker():
    from concurrent import interpreters

    inbox, outbox = interpreters.create_queue(), interpreters.create_queue()
    interpreter = interpreters.create()
    thread = interpreter.call_in_thread(serve, inbox, outbox)
    yield inbox, outbox
    inbox.put(None)
    thread.join()
    interpreter.close()


def measure(variant, worker, n):
    starts, workers, before = [], [], memory(os.getpid())
    with ExitStack() as held:
        for _ in range(STARTED):
            start = now()
            inbox, outbox = held.enter_context(worker())
            workers.append(outbox.get())  # it runs
            starts.append(now() - start)
            process, thread = workers[-1]
            span(f"start: {variant}", thread, start, now(), process, state="starting")
        others = {process for process, _ in workers} - {os.getpid()}
        extra = None if before is None else memory(os.getpid(), *others) - before
        start = now()
        for _ in range(JOBS):
            inbox.put(n)
            outbox.get()
        kept = now() - start

    start = now()
    for _ in range(JOBS):
        with worker() as (inbox, outbox):
            outbox.get()
            inbox.put(n)
            outbox.get()
    new_each = now() - start
    row(variant=variant, threads=[process if others else thread for process, thread in workers],
        start_ns=round(statistics.median(starts) * 1000), bytes=None if extra is None else max(extra, 0) // STARTED,
        new_each_ns=round(new_each * 1000), kept_ns=round(kept * 1000))  # fmt: skip


def memory(*processes):
    """Bytes of these processes, what they share counted once; None without the package psutil."""
    if psutil is None:
        return None
    told = [psutil.Process(process).memory_full_info() for process in processes]
    return sum(getattr(each, "pss", each.uss) for each in told)


def main(n):
    start = now()
    for _ in range(JOBS):
        fib(n)
    row(variant="no worker", threads=[threading.get_native_id()], kept_ns=round((now() - start) * 1000))

    measure("thread", thread_worker, n)
    for method, variant in METHODS.items():
        if method not in multiprocessing.get_all_start_methods():
            skip(variant, f"this system has no {method}")
            continue
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            with process_worker(context)() as (_, outbox):
                outbox.get()  # the first one starts the server too, which is no part of the price
        measure(variant, process_worker(context), n)
    if sys.version_info >= (3, 14):
        measure("interpreter", interpreter_worker, n)
    else:
        skip("interpreter", "needs Python 3.14 or newer")


if __name__ == "__main__":
    try:
        main(**params(n=12))
    except KeyboardInterrupt:
        sys.exit(130)
