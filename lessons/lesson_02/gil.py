"""Which work gets done sooner when two threads share it? Each kind is done by one thread, then by two at once.

    PYTHONPATH=lessons python lessons/lesson_02/gil.py

CPU time per second of wall time says how many cores worked on it. Each is measured three times, and the best time
counts: what else the machine does can only make it longer.
"""

import hashlib
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

from reporter import now, params, row, span

ROUNDS = 3
LARGE = bytes(1024) * 4096  # 4 MB
LINES = "\n".join(f"{i}: {i * i}" for i in range(8192)).encode()


# region four kinds of work
def pure_python():
    total = 0
    for i in range(10_000):
        total += i * i  # <-


def sleep():
    time.sleep(0.01)


def hash_large():
    hashlib.sha256(LARGE).digest()


def compress():
    zlib.compress(LINES)


# endregion


def hash_of(size):
    data = bytes(size)

    def hash_small():
        for _ in range(100):
            hashlib.sha256(data).digest()

    return hash_small


KINDS = {
    "pure Python": pure_python,
    "sleep": sleep,
    "sha256 of 4 MB": hash_large,
    "zlib": compress,
    "sha256 of 2,047 bytes": hash_of(2047),
    "sha256 of 2,048 bytes": hash_of(2048),
}


def repeat(step, times, barrier):
    barrier.wait(timeout=30)
    start = now()
    for _ in range(times):
        step()
    return threading.get_native_id(), start, now()


def timed(pool, step, times, threads):
    """Let so many threads do the step so often each: who did it when, the wall time and the CPU time in seconds."""
    barrier = threading.Barrier(threads)
    cpu = time.process_time()
    turns = [turn.result() for turn in [pool.submit(repeat, step, times, barrier) for _ in range(threads)]]
    wall = (max(end for _, _, end in turns) - min(start for _, start, _ in turns)) / 1e6
    return turns, wall, time.process_time() - cpu


def best(pool, step, times, threads):
    return min((timed(pool, step, times, threads) for _ in range(ROUNDS)), key=lambda measured: measured[1])


def how_often(pool, step, seconds):
    """How often the step fits into this time."""
    times = 1
    while (wall := timed(pool, step, times, 1)[1]) < seconds / 4:
        times *= 2
    return max(1, round(times * seconds / wall))


def main(seconds):
    with ThreadPoolExecutor(2) as pool:
        for variant, step in KINDS.items():
            times = how_often(pool, step, seconds)
            _, alone, _ = best(pool, step, times, 1)
            turns, wall, cpu = best(pool, step, times, 2)
            for thread, start, end in turns:
                span(variant, thread, start, end)
            row(variant=variant, threads=[thread for thread, _, _ in turns], alone_ns=round(alone * 1e9),
                together_ns=round(wall * 1e9), speedup=round(2 * alone / wall, 3), cores=round(cpu / wall, 3),
                gil=getattr(sys, "_is_gil_enabled", lambda: True)())  # fmt: skip


if __name__ == "__main__":
    try:
        main(**params(seconds=0.05))
    except KeyboardInterrupt:
        sys.exit(130)
