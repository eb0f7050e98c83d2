"""The current user is kept in a global instead of a ContextVar."""

import asyncio

EXPECT = "check"
current = None


class S:
    def __init__(self):
        self.bad = []

    async def handle(self, user):
        global current
        current = user
        await asyncio.sleep(0)
        if current != user:
            self.bad.append(user)

    async def main(self):
        await asyncio.gather(self.handle("a"), self.handle("b"))


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert not s.bad
