"""`empty()` and then `get()` waits for ever where another took the last."""

import queue

EXPECT = "deadlock"


def setup():
    jobs = queue.Queue()
    jobs.put(1)
    return jobs


def drain(jobs):
    while not jobs.empty():
        jobs.get()


THREADS = [drain, drain]


def check(_):
    pass
