"""A result read before its thread was joined."""

import threading

EXPECT = "check"


class Job:
    def __init__(self):
        self.result = None
        self.seen = "unset"

    def compute(self):
        self.result = 42

    def run(self):
        thread = threading.Thread(target=self.compute)
        thread.start()
        self.seen = self.result
        thread.join()


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.seen == 42, f"the result was read as {job.seen}"
