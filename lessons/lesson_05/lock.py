"""Does a lock really keep the others out? Each thread looks around while it is in the critical section.

    PYTHONPATH=lessons python lessons/lesson_05/lock.py

Whoever is inside stays until it has proof, so nothing here depends on luck: either somebody else is inside
too, or every other thread has found the door locked (or is done for good).
"""

import contextlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from reporter import now, params, row, span


class Lock:
    """Mutual exclusion made of a flag and a threading.Condition."""

    def __init__(self, watch):
        self.free, self.changed, self.watch = True, threading.Condition(), watch

    def __enter__(self):
        with self.changed:
            while not self.free:  # `while`, not `if`: another may have been faster when this one wakes
                self.watch.one_falls_asleep()
                self.changed.wait()  # lets go of the Condition while it sleeps
            self.free = False

    def __exit__(self, *_):
        with self.changed:
            self.free = True
            self.watch.one_is_woken()
            self.changed.notify()


class Places:
    """A threading.Semaphore: so many may be inside at once."""

    def __init__(self, number, watch):
        self.free, self.watch = threading.Semaphore(number), watch

    def __enter__(self):
        if not self.free.acquire(blocking=False):
            self.watch.one_waits()
            self.free.acquire()

    def __exit__(self, *_):
        self.free.release()


class Watch:
    """Counts who is where. It keeps its own counts straight, but keeps nobody out of the section."""

    def __init__(self, threads):
        self.news, self.threads = threading.Condition(), threads
        self.inside = self.most_inside = self.entered = self.outside = 0
        self.waited = self.slept = self.finished = 0

    def one_waits(self):
        with self.news:
            self.waited += 1

    def one_falls_asleep(self):
        with self.news:
            self.outside += 1
            self.waited += 1
            self.news.notify_all()

    def one_is_woken(self):
        with self.news:
            if self.outside:
                self.outside -= 1
                self.slept += 1

    def look_around(self):
        """Stay inside until somebody else is seen here, or all others are known to wait outside."""
        with self.news:
            self.entered += 1
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
            self.news.notify_all()
            self.news.wait_for(self.has_proof)
            self.inside -= 1

    def has_proof(self):
        return self.most_inside > 1 or self.outside + self.finished == self.threads - 1

    def finish(self):
        with self.news:
            self.finished += 1
            self.news.notify_all()


counter = 0


def visit(lock, watch, barrier, rounds):
    """Enter the critical section again and again; say who did it, and from when to when."""
    global counter
    barrier.wait()
    start = now()
    for _ in range(rounds):
        # region in the critical section
        with lock:  # <-
            seen = counter
            watch.look_around()
            counter = seen + 1
        # endregion
    watch.finish()
    return threading.get_native_id(), start, now()


def run(variant, lock, watch, threads, rounds):
    global counter
    counter = 0
    barrier = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        try:
            turns = [pool.submit(visit, lock, watch, barrier, rounds) for _ in range(threads)]
            turns = [turn.result() for turn in turns]
        except BaseException:
            barrier.abort()  # nobody shall wait there for one who will not come
            raise
    for thread, start, end in turns:
        span(variant, thread, start, end)
    ids, starts, ends = zip(*turns, strict=True)
    lost = watch.entered - counter
    row(variant=variant, threads=list(ids), expected=watch.entered, actual=counter, lost=lost,
        lost_share=round(lost / watch.entered, 4), ops=watch.entered,
        ns_per_op=round((max(ends) - min(starts)) * 1000 / watch.entered, 1),
        entered=watch.entered, most_inside=watch.most_inside,
        waited=watch.waited, slept=watch.slept)  # fmt: skip


def main(threads, rounds):
    watch = Watch(threads)
    run("no lock", contextlib.nullcontext(), watch, threads, rounds)
    watch = Watch(threads)
    run("lock of a threading.Condition", Lock(watch), watch, threads, rounds)
    watch = Watch(threads)
    run("threading.Semaphore(2)", Places(2, watch), watch, threads, rounds)


if __name__ == "__main__":
    try:
        main(**params(threads=4, rounds=100))
    except KeyboardInterrupt:
        sys.exit(130)
