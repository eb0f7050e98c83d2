"""wait_for and timeout with some seconds for what takes a tenth of one."""

import asyncio


class Job:
    def __init__(self):
        self.results = []

    async def work(self):
        await asyncio.sleep(0.1)
        self.results.append(42)

    async def run(self):
        await asyncio.wait_for(self.work(), 5)
        async with asyncio.timeout(2):
            await self.work()


setup = Job
THREADS = [Job.run]


def check(job):
    assert job.results == [42, 42]
