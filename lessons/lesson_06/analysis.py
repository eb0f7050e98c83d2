"""Analyse two million measurements in shared memory: by one process, and by several that take a chunk each.

    PYTHONPATH=lessons python lessons/lesson_06/analysis.py

Each process works on its own chunk of the same bytes and sends back a few numbers: how many, their sum, the sum of
their squares, the least, the most, and a histogram. Put together, they are the answer about the whole.
"""

import multiprocessing
import os
import pickle
import signal
import sys
from itertools import pairwise
from multiprocessing.shared_memory import SharedMemory

from reporter import ctrl_c_ignored, lane, now, params, row, skip, uninterrupted

try:
    import numpy as np
except ImportError:
    np = None

COUNT = 2_000_000
BINS = 20
PASSES = 6
VARIANTS = ("one process", "a chunk each")


def measurements():
    """Whole numbers from 0 to 999, the same ones every time: sums of them are exact."""
    return (np.arange(COUNT, dtype=np.int64) * 7_919 + 13) % 1_000


def summary(values):
    """What a chunk tells: small, and such that two of them can be put together."""
    found = None
    for _ in range(PASSES):
        histogram, _ = np.histogram(values, BINS, (0, 1_000))
        found = (len(values), int(values.sum()), int((values * values).sum()), int(values.min()), int(values.max()),
                 histogram.tolist())  # fmt: skip
    return found


# region put the chunks together
def together(parts):
    counts, sums, squares, least, most, histograms = zip(*parts, strict=True)
    return (sum(counts), sum(sums), sum(squares), min(least), max(most),  # <-
            [sum(column) for column in zip(*histograms, strict=True)])  # fmt: skip


# endregion


def work(name, pipe):
    """A process: summarise the chunks that are asked for."""
    block = SharedMemory(name)
    values = np.frombuffer(block.buf, np.int64, COUNT)
    pipe.send("ready")
    for first, last in iter(pipe.recv, None):
        pipe.send(summary(values[first:last]))
    del values  # before the block is closed: see the demo `lifetime`
    block.close()


def tell(variant, rounds, ids, sent, right):
    took, answer = sorted(rounds)[len(rounds) // 2]
    count, total, squares, *_ = answer
    mean = total / count
    row(variant=variant, threads=ids, took_ns=round(took * 1000), mean=f"{mean:.3f}",
        deviation=f"{(squares / count - mean * mean) ** 0.5:.3f}", sent=sent, bytes=8 * COUNT,
        differs=sum(each != right for _, each in rounds))  # fmt: skip


def main(threads):
    if np is None:
        for variant in VARIANTS:
            skip(variant, "this Python has no numpy", get="pip install numpy")
        return
    lane(os.getpid(), "main")
    with uninterrupted():
        block = SharedMemory(create=True, size=8 * COUNT)
    values = np.frombuffer(block.buf, np.int64, COUNT)
    values[:] = measurements()
    spawn = multiprocessing.get_context("spawn")
    workers, pipes = [], []
    try:
        for _ in range(threads):
            pipe, other = spawn.Pipe()
            workers.append(spawn.Process(target=work, args=(block.name, other), daemon=True))
            with ctrl_c_ignored():
                workers[-1].start()
            pipes.append(pipe)
        for pipe in pipes:
            pipe.recv()
        bounds = [COUNT * number // threads for number in range(threads + 1)]
        chunks = list(pairwise(bounds))
        one, several = [], []
        for _ in range(3):  # in turn, so that both meet the same moments of a busy machine
            start = now()
            answer = summary(values)
            one.append((now() - start, answer))
            start = now()
            for pipe, chunk in zip(pipes, chunks, strict=True):
                pipe.send(chunk)
            answer = together([pipe.recv() for pipe in pipes])
            several.append((now() - start, answer))
        right = one[0][1]
        tell(VARIANTS[0], one, [os.getpid()], 0, right)
        sent = sum(len(pickle.dumps(chunk)) for chunk in chunks) + len(pickle.dumps(right)) * threads
        tell(VARIANTS[1], several, [worker.pid for worker in workers], sent, right)
        for pipe in pipes:
            pipe.send(None)
    finally:
        for worker in workers:
            worker.join(2)
            worker.terminate()
        del values
        block.close()
        block.unlink()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended, too
    try:
        main(**params(threads=2))
    except KeyboardInterrupt:
        sys.exit(130)
