"""A short timeout falls back, and the answer that comes later is counted as well."""

import asyncio

EXPECT = "check"


class S:
    def __init__(self):
        self.answers = []

    async def fetch(self):
        await asyncio.sleep(0.05)
        self.answers.append("server")

    async def main(self):
        t = asyncio.create_task(self.fetch())
        done, _ = await asyncio.wait([t], timeout=0.1)
        if not done:
            self.answers.append("cache")
        await t


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert len(s.answers) == 1, s.answers
