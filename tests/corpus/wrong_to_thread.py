"""Two functions in threads of the loop's pool add to one number."""

import asyncio

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        self.value += 1

    async def main(self):
        await asyncio.gather(asyncio.to_thread(self.add), asyncio.to_thread(self.add))


setup = Counter
THREADS = [lambda counter: asyncio.run(counter.main())]


def check(counter):
    assert counter.value == 2, f"counted {counter.value}"
