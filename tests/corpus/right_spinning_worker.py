"""A worker started in set-up looks for work again and again, under a lock that the others need, too."""

import threading
import time


class Box:
    def __init__(self):
        self.lock = threading.Lock()
        self.line = []
        self.closed = False
        self.done = []
        self.worker = threading.Thread(target=self.work)
        self.worker.start()

    def work(self):
        while True:
            with self.lock:
                item = self.line.pop() if self.line else None
                closed = self.closed
            if item:
                self.done.append(item)
            elif closed:
                return


def setup():
    return Box()


def use(box):
    with box.lock:
        box.line.append("letter")
    time.sleep(10)
    with box.lock:
        box.closed = True
    box.worker.join()


THREADS = [use]


def check(box):
    assert box.done == ["letter"]
