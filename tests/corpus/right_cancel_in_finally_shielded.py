"""What was begun is finished behind a shield, also where the task is cancelled meanwhile."""

import asyncio


class Store:
    def __init__(self):
        self.open = 0
        self.saved = 0

    async def save(self):
        self.open += 1
        await asyncio.sleep(0.1)
        self.saved += 1
        self.open -= 1

    async def request(self):
        saving = asyncio.ensure_future(self.save())
        try:
            await asyncio.shield(saving)
        except asyncio.CancelledError:
            await saving
            raise

    async def main(self):
        task = asyncio.create_task(self.request())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])


setup = Store
THREADS = [lambda store: asyncio.run(store.main())]


def check(store):
    assert store.open == 0
    assert store.saved <= 1
