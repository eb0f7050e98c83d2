"""Each job cancels its own kill timer, which has patience."""

import threading
import time


class Worker:
    def __init__(self):
        self.alive = True
        self.served = 0

    def run(self):
        kill = threading.Timer(30, self.kill)
        kill.start()
        try:
            time.sleep(0.1)
            if self.alive:
                self.served += 1
        finally:
            kill.cancel()

    def kill(self):
        self.alive = False


setup = Worker


def work(worker):
    worker.run()
    worker.run()


THREADS = [work]


def check(worker):
    assert worker.served == 2
