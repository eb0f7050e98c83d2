"""A process that only counts, in shared memory, is a clock for everybody else. How fine is it?

PYTHONPATH=lessons python lessons/lesson_05/clock.py
"""

import multiprocessing
import signal
import sys
import threading
import time

from reporter import ctrl_c_ignored, params, row


def count(memory):
    """The process: count, without end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # region count, without end
    n = 0
    while not memory[1]:
        n += 1
        memory[0] = n  # <-
    # endregion


def watch(read, seconds):
    """How far a clock gets in so many seconds, the smallest step that it ever makes, and how many steps."""
    end = time.perf_counter() + seconds
    first = last = read()
    smallest, steps = float("inf"), 0
    while time.perf_counter() < end:
        following = read()
        if following != last:
            smallest = min(smallest, following - last)
            steps += 1
            last = following
    return last - first, smallest, steps


def main(seconds):
    spawn = multiprocessing.get_context("spawn")
    memory = spawn.RawArray("q", 2)
    counter = spawn.Process(target=count, args=(memory,), daemon=True)
    with ctrl_c_ignored():
        counter.start()
    while not memory[0]:
        time.sleep(0.001)
    me = threading.get_native_id()
    for variant, read in (
        ("time.time(), in milliseconds", lambda: int(time.time() * 1000) * 1_000_000),
        ("time.perf_counter_ns()", time.perf_counter_ns),
    ):
        _, smallest, steps = watch(read, seconds)
        row(variant=variant, threads=[me], ticks=steps, ns_per_tick=smallest)
    begun = time.perf_counter_ns()
    passed, _, _ = watch(lambda: memory[0], seconds)
    took = time.perf_counter_ns() - begun
    memory[1] = 1
    counter.join()
    row(variant="a process that counts", threads=[me, counter.pid], ticks=passed,
        ns_per_tick=round(took / passed, 2) if passed else None)  # fmt: skip


if __name__ == "__main__":
    try:
        main(**params(seconds=0.3))
    except KeyboardInterrupt:
        sys.exit(130)
