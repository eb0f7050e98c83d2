"""A worker that a thread starts is sent one job and no end: the program never ends."""

import queue
import threading

EXPECT = "deadlock"


class Pool:
    def __init__(self):
        self.jobs = queue.Queue()
        self.sum = 0

    def work(self):
        while True:
            job = self.jobs.get()
            self.sum += job
            self.jobs.task_done()

    def run(self):
        threading.Thread(target=self.work).start()
        self.jobs.put(3)
        self.jobs.join()


setup = Pool
THREADS = [Pool.run]


def check(pool):
    assert pool.sum == 3
