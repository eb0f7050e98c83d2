"""A daemon that waits on its queue when all is done."""

import queue
import threading


class Worker:
    def __init__(self):
        self.jobs = queue.Queue()
        self.done = []

    def work(self):
        while True:
            self.done.append(self.jobs.get())
            self.jobs.task_done()

    def run(self):
        threading.Thread(target=self.work, daemon=True).start()
        self.jobs.put(1)
        self.jobs.join()


setup = Worker
THREADS = [Worker.run]


def check(worker):
    assert worker.done == [1]
