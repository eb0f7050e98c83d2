"""A result read after its thread was joined."""

import threading


class Job:
    def __init__(self):
        self.result = None
        self.seen = None

    def compute(self):
        self.result = 42

    def run(self):
        thread = threading.Thread(target=self.compute)
        thread.start()
        thread.join()
        self.seen = self.result


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.seen == 42
