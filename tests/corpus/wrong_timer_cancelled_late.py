"""A timer that is cancelled when the work is done may have gone off before."""

import threading

EXPECT = "check"


class Job:
    def __init__(self):
        self.status = "new"

    def abort(self):
        self.status = "aborted"

    def run(self):
        timer = threading.Timer(0.1, self.abort)
        timer.start()
        self.status = "done"
        timer.cancel()
        timer.join()


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.status == "done", job.status
