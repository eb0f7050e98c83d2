"""The current user in a ContextVar."""

import asyncio
import contextvars

current = contextvars.ContextVar("current")


class S:
    def __init__(self):
        self.bad = []

    async def handle(self, user):
        current.set(user)
        await asyncio.sleep(0)
        if current.get() != user:
            self.bad.append(user)

    async def main(self):
        await asyncio.gather(self.handle("a"), self.handle("b"))


setup = S
THREADS = [lambda s: asyncio.run(s.main())]


def check(s):
    assert not s.bad
