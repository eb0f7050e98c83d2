"""The load of the experiment `cluster`, in its own process: who measures must not wait on the loop that answers.

Fast requests go out at fixed times, whether or not the ones before were answered: a client that waits for its answer
before it asks again asks least when the server is slowest, and never sees the worst. Each slow client asks again as
soon as it is answered. Every request has its own connection. `load.mjs` is the same in JavaScript.
"""

import asyncio
import json

from reporter import now

EVERY = 5_000  # µs from one fast request to the next
WARM_UP = 250_000  # µs at the beginning that do not count
TIME_LIMIT_S = 10  # for one answer


async def ask(port, path):
    """Ask for `path`; what the server said, with when it was asked and answered. Raises when no answer came."""
    asked = now()
    async with asyncio.timeout(TIME_LIMIT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
    return {**json.loads(answer.partition(b"\r\n\r\n")[2]), "asked": asked, "answered": now()}


async def load(port, seconds, slow_clients):
    first = now()
    begin = first + WARM_UP
    end = begin + seconds * 1e6
    fast, slow, failed = [], [], []

    async def note(page, answers, **more):
        try:
            answers.append({**await page, **more})
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            failed.append(str(error))

    async def slow_client():
        while now() < end:
            await note(ask(port, "/slow"), slow)

    async def fast_clients():
        async with asyncio.TaskGroup() as asked:
            for number in range(int((end - first) / EVERY)):
                due = first + number * EVERY
                await asyncio.sleep(max(0, due - now()) / 1e6)
                asked.create_task(note(ask(port, "/fast"), fast, late=now() - due))

    await asyncio.gather(fast_clients(), *(slow_client() for _ in range(slow_clients)))
    counted = [page for page in fast if page["asked"] >= begin]
    return {"begin": begin, "end": end, "slow": slow, "fast": counted, "failed": len(failed)}


def main(pipe):
    """Put each load on a server that is asked for, until the other side is gone."""
    try:
        while True:
            pipe.send(asyncio.run(load(*pipe.recv())))
    except (EOFError, OSError):
        pass
