"""wait_for with a fifth of a second gives up, and the result is taken as there."""

import asyncio

EXPECT = "check"


class Job:
    def __init__(self):
        self.result = None

    async def work(self):
        await asyncio.sleep(0.1)
        self.result = 42

    async def run(self):
        try:
            await asyncio.wait_for(self.work(), 0.2)
        except TimeoutError:
            pass


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.result == 42, f"the result is {job.result}"
