"""A bare except takes the cancellation for a failed try, and goes on: it is done after it was cancelled."""

import asyncio

EXPECT = "check"


class Job:
    def __init__(self):
        self.cancelled = False
        self.done_after = False

    async def work(self):
        for _ in range(2):
            try:
                await asyncio.sleep(0.1)
                break
            except BaseException:
                continue
        self.done_after = self.cancelled

    async def main(self):
        task = asyncio.create_task(self.work())
        await asyncio.sleep(0.3)
        self.cancelled = task.cancel()
        await asyncio.wait([task])


setup = Job
THREADS = [lambda job: asyncio.run(job.main())]


def check(job):
    assert not job.done_after, "it was cancelled, and did it all the same"
