"""A join with a time-out, and nobody asks whether the thread has ended."""

import threading

EXPECT = "check"


class Job:
    def __init__(self):
        self.result = self.seen = None

    def compute(self):
        self.result = 42

    def run(self):
        thread = threading.Thread(target=self.compute)
        thread.start()
        thread.join(timeout=0.5)
        self.seen = self.result


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.seen == 42, f"the result was read as {job.seen}"
