"""Whoever looks at the end closes the service first, and its worker ends."""

import queue
import threading


class Service:
    def __init__(self):
        self.jobs = queue.Queue()
        self.done = []
        self.worker = threading.Thread(target=self.work)
        self.worker.start()

    def work(self):
        while (job := self.jobs.get()) is not None:
            self.done.append(job)

    def use(self):
        self.jobs.put(1)

    def close(self):
        self.jobs.put(None)
        self.worker.join()


setup = Service
THREADS = [Service.use, Service.use]


def check(service):
    service.close()
    assert service.done == [1, 1]
