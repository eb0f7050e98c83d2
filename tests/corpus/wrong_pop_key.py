"""`in` and then `pop` raises KeyError when another was faster."""

EXPECT = "exception"


def setup():
    return {"job": 1}


def take(jobs):
    if "job" in jobs:
        jobs.pop("job")


THREADS = [take, take]


def check(jobs):
    assert not jobs
