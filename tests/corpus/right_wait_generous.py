"""Waits with limits of some seconds that are checked: for an event, a queue, a thread."""

import queue
import threading


class Box:
    def __init__(self):
        self.ready = threading.Event()
        self.jobs = queue.Queue()
        self.seen = None

    def put(self):
        self.jobs.put(42)
        self.ready.set()

    def take(self):
        if not self.ready.wait(timeout=2):
            raise TimeoutError("it took too long")
        self.seen = self.jobs.get(timeout=1)

    def run(self):
        thread = threading.Thread(target=self.put)
        thread.start()
        self.take()
        thread.join(timeout=5)
        if thread.is_alive():
            raise TimeoutError("it took too long")


setup = Box
THREADS = [Box.run]


def check(box):
    assert box.seen == 42
