"""A lost update on order: everyone reads, then everyone writes, so all but one addition of a round is lost.

    PYTHONPATH=lessons python lessons/lesson_05/staged_race.py

In a race the scheduler decides who reads what. Here a barrier decides, so every run gives the same counts.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from reporter import now, params, row, span

counter = 0
lock = threading.Lock()


# region read | barrier | write
def read_wait_write(barrier):
    global counter
    seen = counter
    barrier.wait()  # everyone has read, and all have read the same number  # <-
    counter = seen + 1  # so everyone writes the same number


# endregion


def locked_read_write(barrier):
    global counter
    with lock:
        seen = counter
        counter = seen + 1  # nobody reads between these two lines
    barrier.wait()  # the same number of barriers, for a fair price


def play(add, barrier, rounds):
    """Add once in each round; say who did it, and from when to when."""
    start = now()
    for _ in range(rounds):
        add(barrier)
        barrier.wait()  # everyone has written: the round is over
    return threading.get_native_id(), start, now()


def run(variant, add, threads, rounds):
    global counter
    counter = 0
    barrier = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        try:
            turns = [pool.submit(play, add, barrier, rounds) for _ in range(threads)]
            turns = [turn.result() for turn in turns]
        except BaseException:
            barrier.abort()  # lets everyone go who waits there
            raise
    for thread, start, end in turns:
        span(variant, thread, start, end)
    ids, starts, ends = zip(*turns, strict=True)
    expected = threads * rounds
    lost = expected - counter
    row(variant=variant, threads=list(ids), expected=expected, actual=counter, lost=lost,
        lost_share=lost / expected, ops=expected, rounds=rounds,
        ns_per_op=round((max(ends) - min(starts)) * 1000 / expected, 1))  # fmt: skip


def main(threads, rounds):
    run("read | barrier | write", read_wait_write, threads, rounds)
    run("with lock: read, write | barrier", locked_read_write, threads, rounds)


if __name__ == "__main__":
    try:
        main(**params(threads=2, rounds=1000))
    except KeyboardInterrupt:
        sys.exit(130)
