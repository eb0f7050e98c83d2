"""Another thread hands a coroutine to the loop, and waits for its result."""

import asyncio
import threading


class Box:
    def __init__(self):
        self.value = 0
        self.seen = None

    async def add(self):
        self.value += 1
        return self.value

    async def main(self):
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def other():
            self.seen = asyncio.run_coroutine_threadsafe(self.add(), loop).result()
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=other).start()
        await ended.wait()


setup = Box
THREADS = [lambda box: asyncio.run(box.main())]


def check(box):
    assert box.seen == 1
