"""A function in a thread of the loop's pool, awaited."""

import asyncio


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        self.value += 1

    async def main(self):
        await asyncio.to_thread(self.add)
        await asyncio.get_running_loop().run_in_executor(None, self.add)


setup = Counter
THREADS = [lambda counter: asyncio.run(counter.main())]


def check(counter):
    assert counter.value == 2
