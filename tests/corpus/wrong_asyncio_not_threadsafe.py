"""Another thread sets a future without waking the loop."""

import asyncio
import threading

EXPECT = "deadlock"


async def main(_):
    future = asyncio.get_running_loop().create_future()
    threading.Thread(target=lambda: future.set_result(1)).start()
    await future


def setup():
    return None


THREADS = [lambda state: asyncio.run(main(state))]


def check(_):
    pass
