"""The private fields of library objects are read, which the library stores to."""

import threading

EXPECT = "check"


class Job(threading.Thread):
    def __init__(self):
        super().__init__()
        self.seen = []

    def rename(self):
        self.name = "a"
        self.name = "b"

    def look(self):
        self.seen = [self._name, self._name]


setup = Job
THREADS = [Job.rename, Job.look]


def check(job):
    first, second = job.seen
    assert first == second, f"{job.seen}"
