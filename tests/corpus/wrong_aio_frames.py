"""Two tasks send header and body over one writer with a drain between."""

import asyncio

EXPECT = "check"


class S:
    def __init__(self):
        self.wire = []

    async def send(self, who):
        self.wire.append(("head", who))
        await asyncio.sleep(0)
        self.wire.append(("body", who))

    async def main(self):
        async with asyncio.TaskGroup() as g:
            g.create_task(self.send("a"))
            g.create_task(self.send("b"))


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert all(s.wire[i][1] == s.wire[i + 1][1] for i in (0, 2)), s.wire
