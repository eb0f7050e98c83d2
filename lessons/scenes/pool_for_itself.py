"""A pool of two workers, the newest task first. Each of two tasks puts a smaller one into it, and waits for that."""

import queue
import threading


class Pool:
    def __init__(self):
        self.jobs = queue.LifoQueue()
        self.over = threading.Semaphore(0)


def work(pool):
    while (job := pool.jobs.get()) is not None:
        job(pool)


def task(pool):
    done = threading.Event()
    pool.jobs.put(lambda pool: done.set())
    done.wait()
    pool.over.release()


def caller(pool):
    for _ in range(2):
        pool.jobs.put(task)
    for _ in range(2):
        pool.over.acquire()
    for _ in range(2):
        pool.jobs.put(None)


setup = Pool
threads = [work, work, caller]


def memory(pool):
    return {}
