"""A join in rounds of a tenth of a second, until the thread has ended."""

import threading


class Job:
    def __init__(self):
        self.result = self.seen = None

    def compute(self):
        self.result = 42

    def run(self):
        thread = threading.Thread(target=self.compute)
        thread.start()
        while thread.is_alive():
            thread.join(timeout=0.1)
        self.seen = self.result


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.seen == 42
