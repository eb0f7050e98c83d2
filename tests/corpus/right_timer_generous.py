"""A timer of half a minute that would abort the work, cancelled when that is done."""

import threading


class Job:
    def __init__(self):
        self.status = "new"

    def abort(self):
        self.status = "aborted"

    def run(self):
        timer = threading.Timer(30, self.abort)
        timer.start()
        self.status = "done"
        timer.cancel()
        timer.join()


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.status == "done", job.status
