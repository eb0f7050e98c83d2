"""A timeout that cancels what is late, and counts one answer."""

import asyncio


class S:
    def __init__(self):
        self.answers = []

    async def fetch(self):
        await asyncio.sleep(0.05)
        return "server"

    async def main(self):
        try:
            self.answers.append(await asyncio.wait_for(self.fetch(), 0.1))
        except TimeoutError:
            self.answers.append("cache")


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert len(s.answers) == 1, s.answers
