"""The last thread tells the worker that set-up started to stop, and does not wait for it."""

import queue
import threading


class Service:
    def __init__(self):
        self.jobs = queue.Queue()
        self.done = []
        threading.Thread(target=self.work).start()

    def work(self):
        while (job := self.jobs.get()) is not None:
            self.done.append(job)

    def use(self):
        self.jobs.put(1)
        self.jobs.put(None)


setup = Service
THREADS = [Service.use]


def check(service):
    assert service.done in ([], [1])
