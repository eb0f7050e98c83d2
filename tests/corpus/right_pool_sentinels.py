"""A pool on a queue with a sentinel for each worker."""

import queue
import threading


class Pool:
    def __init__(self):
        self.jobs = queue.Queue()
        self.done = []

    def work(self):
        while (job := self.jobs.get()) is not None:
            self.done.append(job)

    def run(self):
        workers = [threading.Thread(target=self.work) for _ in range(2)]
        for worker in workers:
            worker.start()
        self.jobs.put(1)
        for _ in workers:
            self.jobs.put(None)
        for worker in workers:
            worker.join()


setup = Pool
THREADS = [Pool.run]


def check(pool):
    assert pool.done == [1]
