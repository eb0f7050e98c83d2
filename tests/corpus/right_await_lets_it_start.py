"""A sleep, be it of no length, lets a task begin that was made before."""

import asyncio


class Job:
    def __init__(self):
        self.state = "new"
        self.seen = []

    async def work(self):
        self.state = "begun"
        try:
            await asyncio.sleep(3600)
            self.state = "done"
        except asyncio.CancelledError:
            self.state = "cancelled"
            raise

    async def run(self, moment):
        task = asyncio.create_task(self.work())
        await asyncio.sleep(moment)
        self.seen.append(self.state)
        task.cancel()
        await asyncio.wait([task])
        self.seen.append(self.state)

    async def main(self):
        await self.run(0)
        await self.run(0.1)


setup = Job
THREADS = [lambda job: asyncio.run(job.main())]


def check(job):
    assert job.seen == ["begun", "cancelled"] * 2
