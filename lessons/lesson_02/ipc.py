"""What does a message cost? The same bytes go to a worker and come back, as often as they can.

    PYTHONPATH=lessons python lessons/lesson_02/ipc.py

A queue between threads hands over the object itself. A pipe between processes takes it to pieces (pickle), copies
the pieces into the other process, and puts a new object together there: the longer, the dearer.
"""

import multiprocessing
import queue
import sys
import threading

from reporter import ctrl_c_ignored, now, params, row, span

SIZES = {"100 B": 100, "1 MB": 1_000_000}


# region the worker sends it back
def echo(receive, send):
    """The worker: sends back what comes, after a change of its first byte. None ends it."""
    for message in iter(receive, None):
        message[0] = 1  # <-
        send(message)


# endregion


def call(message):
    message[0] = 1
    return message


def measure(variant, thread, round_trip, seconds, process=None):
    for size, length in SIZES.items():
        message = bytearray(length)
        round_trip(message)
        arrives = "as itself" if message[0] else "as a copy"  # did the worker change ours?
        start, trips = now(), 0
        while now() < start + seconds * 1e6:
            round_trip(message)
            trips += 1
        end = now()
        span(f"{variant}, {size}", thread, start, end, process)
        row(variant=f"{variant}, {size}", threads=[process or thread], arrives=arrives, trips=trips,
            per_s=round(trips / (end - start) * 1e6), ns=round((end - start) * 1000 / trips / 2))  # fmt: skip


def by_call(seconds):
    measure("function call", threading.get_native_id(), call, seconds)


def by_queue(seconds):
    there, back = queue.SimpleQueue(), queue.SimpleQueue()
    worker = threading.Thread(target=echo, args=(there.get, back.put), daemon=True)
    worker.start()

    def round_trip(message):
        there.put(message)
        return back.get()

    measure("thread, queue", worker.native_id, round_trip, seconds)
    there.put(None)
    worker.join()


def echo_over(pipe):
    echo(pipe.recv, pipe.send)


def by_pipe(seconds):
    context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    ours, theirs = context.Pipe()
    worker = context.Process(target=echo_over, args=(theirs,), daemon=True)
    with ctrl_c_ignored():
        worker.start()

    def round_trip(message):
        ours.send(message)
        return ours.recv()

    measure("process, pipe", worker.pid, round_trip, seconds, worker.pid)
    ours.send(None)
    worker.join()


def main(seconds):
    by_call(seconds)
    by_queue(seconds)
    by_pipe(seconds)


if __name__ == "__main__":
    try:
        main(**params(seconds=0.1))
    except KeyboardInterrupt:
        sys.exit(130)
