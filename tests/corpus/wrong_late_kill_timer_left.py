"""The first job is done in time. Its kill timer is still set, and ends the worker under the second job."""

import threading
import time

EXPECT = "check"


class Worker:
    def __init__(self):
        self.alive = True
        self.served = 0

    def run(self):
        kill = threading.Timer(0.3, self.kill)
        kill.start()
        time.sleep(0.1)
        if self.alive:
            self.served += 1

    def kill(self):
        self.alive = False


setup = Worker


def work(worker):
    worker.run()
    worker.run()


THREADS = [work]


def check(worker):
    assert worker.served == 2, f"{worker.served} of 2 were served"
