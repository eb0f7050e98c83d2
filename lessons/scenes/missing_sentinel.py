"""Two workers sign in and take jobs until a None sends them home. To close the pool, put one None for each."""

import queue
import threading


class Pool:
    def __init__(self):
        self.workers = 0
        self.all_here = threading.Barrier(3)
        self.jobs = queue.Queue()


def work(pool):
    pool.workers += 1
    pool.all_here.wait()
    while pool.jobs.get() is not None:
        pass  # here the job would be done


def close(pool):
    pool.all_here.wait()
    for _ in range(pool.workers):
        pool.jobs.put(None)


setup = Pool
threads = [work, work, close]


def memory(pool):
    return {"workers": [pool.workers]}
