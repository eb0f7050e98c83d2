"""`qsize()` and then `get_nowait()` raises Empty."""

import queue

EXPECT = "exception"


def setup():
    jobs = queue.Queue()
    jobs.put(1)
    return jobs


def take(jobs):
    if jobs.qsize() > 0:
        jobs.get_nowait()


THREADS = [take, take]


def check(_):
    pass
