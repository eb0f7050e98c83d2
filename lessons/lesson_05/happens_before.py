"""Two threads, two variables, one write and one read each. In which order does the other one see them?

    PYTHONPATH=lessons python lessons/lesson_05/happens_before.py

Both go through the same rounds, each at its own pace, and write the number of the round. So what was read in each
tells afterwards whether there is any order of whole steps that explains it.
"""

import contextlib
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from reporter import now, params, row, span

ROUNDS = 2_000  # of a batch: both begin it together
x = y = 0


# region data, and a flag that says that they are there
def write_data_then_flag(number, lock):
    global x, y
    with lock:
        x = number
    with lock:
        y = number  # <-
    return 0


def read_flag_then_data(number, lock):
    with lock:
        flag = y
    with lock:
        return int(x < flag)


# endregion
# region each writes its own word, then reads the other's
def write_x_read_y(number, lock):
    global x
    with lock:
        x = number  # <-
    with lock:
        return y


def write_y_read_x(number, lock):
    global y
    with lock:
        y = number
    with lock:
        return x


# endregion

STALE = write_data_then_flag, read_flag_then_data
BOTH = write_x_read_y, write_y_read_x


def both_missed(mine, theirs):
    """How often nobody saw the other.

    One wrote `number` and then read less than `following`; the other wrote `following`, and then read less than
    `number`. Whichever write came first, one of the two reads should have seen it.
    """
    return sum(seen < ROUNDS and theirs[seen] < number for number, seen in enumerate(mine, 1))


def batch(step, lock, barrier):
    barrier.wait()
    start = now()
    seen = [step(number, lock) for number in range(1, ROUNDS + 1)]
    return threading.get_native_id(), start, now(), seen


def run(variant, steps, lock, seconds):
    global x, y
    rounds = wrong = 0
    start, end = now(), time.perf_counter() + seconds
    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        while not rounds or time.perf_counter() < end:
            x = y = 0
            turns = [turn.result() for turn in [pool.submit(batch, step, lock, barrier) for step in steps]]
            mine, theirs = (turn[-1] for turn in turns)
            wrong += both_missed(mine, theirs) if steps is BOTH else sum(theirs)
            rounds += ROUNDS
            for thread, begun, ended, _ in turns if rounds == ROUNDS else ():
                span(variant, thread, begun, ended)
    row(variant=variant, threads=[turn[0] for turn in turns], rounds=rounds, wrong=wrong,
        took_ns=round((now() - start) * 1000))  # fmt: skip


def main(seconds):
    sys.setswitchinterval(0.00001)  # let them change over often
    no_lock = contextlib.nullcontext()
    for variant, steps in (("flag and data", STALE), ("two flags", BOTH)):
        run(f"{variant}, plain", steps, no_lock, seconds)
        run(f"{variant}, threading.Lock", steps, threading.Lock(), seconds)


if __name__ == "__main__":
    try:
        main(**params(seconds=0.3))
    except KeyboardInterrupt:
        sys.exit(130)
