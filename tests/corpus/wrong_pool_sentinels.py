"""A pool on a queue with one sentinel for two workers."""

import queue
import threading

EXPECT = "deadlock"


def setup():
    return queue.Queue()


def work(jobs):
    while jobs.get() is not None:
        pass


def main(jobs):
    workers = [threading.Thread(target=work, args=(jobs,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    jobs.put("job")
    jobs.put(None)
    for worker in workers:
        worker.join()


THREADS = [main]


def check(_):
    pass
