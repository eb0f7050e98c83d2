"""Ten requests need a token that nobody has yet. There is one thread, and still they race: across an `await`."""

import asyncio
import time
from threading import get_native_id

from reporter import row

REQUESTS = 10


class Server:
    """What the requests share: the token, once it is there, and how often it was fetched."""

    def __init__(self):
        self.token = None
        self.fetching = None
        self.fetches = 0

    async def fetch(self):
        self.fetches += 1
        number = self.fetches
        await asyncio.sleep(0.02)  # the other server answers
        return f"token {number}"


# region check, await, act
async def check_await_act(server, gate):
    if server.token is None:
        server.token = await server.fetch()  # meanwhile the others look, and find no token either  # <-
    return server.token


async def keep_the_task(server, gate):
    if server.fetching is None:
        server.fetching = asyncio.create_task(server.fetch())  # no await between the check and the act
    return await server.fetching


# endregion


async def guarded(server, gate):
    async with gate:
        return await check_await_act(server, gate)


async def measure(variant, ask, gate=None):
    server = Server()
    begun = time.perf_counter_ns()
    tokens = await asyncio.gather(*(ask(server, gate) for _ in range(REQUESTS)))
    row(
        variant=variant,
        threads=[get_native_id()],
        requests=REQUESTS,
        fetches=server.fetches,
        tokens=len(set(tokens)),
        took_ns=time.perf_counter_ns() - begun,
    )


async def main():
    await measure("check, await, act", check_await_act)
    await measure("keep the task", keep_the_task)
    await measure("a lock around both", guarded, asyncio.Lock())
    await measure("a semaphore of 3 around both", guarded, asyncio.Semaphore(3))


if __name__ == "__main__":
    asyncio.run(main())
