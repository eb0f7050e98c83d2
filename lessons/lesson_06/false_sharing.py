"""Two processes add one to every number of an array, each to its own half. Does it matter which half is whose?

    PYTHONPATH=lessons python lessons/lesson_06/false_sharing.py

They work in small batches and note when each one ended. Only batches count during which the other process was
running too: on a busy machine the two often take turns, and then nothing can be seen.
It takes numpy: a step of Python itself takes longer than what is to be seen here.
"""

import multiprocessing
import os
import signal
import statistics
import sys
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from multiprocessing.shared_memory import SharedMemory

from reporter import ctrl_c_ignored, now, params, row, skip, span, uninterrupted

NUMBERS = 2048  # of each process; 8 bytes each
BATCH = 4  # times all its numbers
PAUSE = 300  # µs: a batch that took longer was interrupted
ENOUGH, MOST_ROUNDS = 200, 8  # batches to have seen, rounds to see them in

# Where the numbers of the two begin: every second one is its own. In one array they lie by turns, so that each line
# of the cache (64 bytes) holds four of either; in two arrays no line holds any of both.
BY_TURNS = (0, 1)
BY_HALVES = (0, 2 * NUMBERS + 16)


def work(name, pipe, barrier):
    """A process: add and note the times, for each question that comes through the pipe."""
    import numpy

    block = SharedMemory(name)
    array = numpy.ndarray(block.size // 8, numpy.int64, block.buf)
    for first, together, seconds in iter(pipe.recv, None):
        # region every second number is mine
        mine = array[first : first + 2 * NUMBERS : 2]  # <-
        if together:
            barrier.wait(30)
        ends = [now()]
        until = ends[0] + seconds * 1e6
        while ends[-1] < until:
            for _ in range(BATCH):
                numpy.add(mine, 1, out=mine)
            ends.append(now())
        # endregion
        pipe.send((os.getpid(), ends))
    del array, mine  # before the block is closed: see the demo `lifetime`
    block.close()


def together(ends, others):
    """How long each batch took during which the other one was running too, in µs."""
    took, at = [], 1
    for before, end in pairwise(ends):
        while at < len(others) and others[at] < end:
            at += 1
        if at == len(others):
            break
        beside = others[at] - others[at - 1] < PAUSE and others[at - 1] < end
        if beside and end - before < PAUSE:
            took.append(end - before)
    return took


def alone(ends):
    return [end - before for before, end in pairwise(ends) if end - before < PAUSE]


def add(variant, pipes, firsts, seconds):
    took = []
    for _ in range(MOST_ROUNDS):
        start = now()
        for pipe, first in zip(pipes, firsts, strict=True):
            pipe.send((first, len(firsts) == 2, seconds / 2))
        turns = [pipe.recv() for pipe in pipes]
        for process, _ in turns:
            span(variant, process, start, now(), process)
        (_, a), *other = turns
        for _, b in other:
            took += together(a, b) + together(b, a)
        if not other:
            took += alone(a)
        if len(took) >= ENOUGH:
            break
    if len(took) < ENOUGH:
        return skip(variant, "the two never ran at the same time for long: other programs are busy")
    row(variant=variant, threads=[process for process, _ in turns], apart=8 if firsts == BY_TURNS else None,
        batches=len(took), ns_per_op=round(statistics.median(took) * 1000 / BATCH / NUMBERS, 2))  # fmt: skip


@contextmanager
def processes(count, name):
    """Some processes at work, and a pipe to each."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(count)
    with ExitStack() as ends:
        pipes = []
        for _ in range(count):
            pipe, other = spawn.Pipe()
            process = spawn.Process(target=work, args=(name, other, barrier), daemon=True)
            with ctrl_c_ignored():
                process.start()
            other.close()
            ends.callback(process.join)
            ends.callback(process.terminate)
            pipes.append(pipe)
        yield pipes
        for pipe in pipes:
            pipe.send(None)
        ends.pop_all()


def main(seconds):
    try:
        import numpy  # noqa: F401 - is it there?
    except ImportError:
        for variant in ("one alone", "by turns", "by halves"):
            skip(variant, "this Python has no numpy", get="pip install numpy")
        return
    with uninterrupted():
        block = SharedMemory(create=True, size=8 * (4 * NUMBERS + 16))
    try:
        with processes(2, block.name) as pipes:
            add("one alone", pipes[:1], BY_TURNS[:1], seconds)
            add("by turns", pipes, BY_TURNS, seconds)
            add("by halves", pipes, BY_HALVES, seconds)
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended, too
    try:
        main(**params(seconds=0.25))
    except KeyboardInterrupt:
        sys.exit(130)
