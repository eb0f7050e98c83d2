"""A task is given to an executor that nobody shuts down, and its future is not asked."""

from concurrent.futures import ThreadPoolExecutor

EXPECT = "check"


class Job:
    def __init__(self):
        self.done = False

    def work(self):
        self.done = True

    def run(self):
        ThreadPoolExecutor(1).submit(self.work)


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.done, "the task has not run"
