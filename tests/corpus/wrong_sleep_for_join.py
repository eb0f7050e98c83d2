"""A sleep instead of a join: the thread may be slower."""

import threading
import time

EXPECT = "check"


class Job:
    def __init__(self):
        self.result = None
        self.seen = None

    def compute(self):
        self.result = 42

    def run(self):
        threading.Thread(target=self.compute).start()
        time.sleep(0.1)
        self.seen = self.result


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.seen == 42, f"the result was read as {job.seen}"
