"""What is one thread good at? 500 connections at once, as long as each of them mostly waits.

    PYTHONPATH=lessons python lessons/lesson_01/connections.py

A real server and its clients, all on one event loop. All connections are opened first; then every client asks.
"""

import asyncio
import sys
import threading
from hashlib import sha256

from reporter import now, params, row, span


def affordable(connections):
    """As many connections as the system lets one process have: each is a file, at both of its ends."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * connections + 100
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return connections
    most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return min(connections, (most - 100) // 2)


# region a request that waits, one that calculates
async def wait(seconds):
    """One request that waits, as for a database."""
    await asyncio.sleep(seconds)  # <-


async def calculate(rounds):
    """One request that calculates."""
    hash = b"password"
    for _ in range(rounds):
        hash = sha256(hash).digest()


# endregion


class Watch:
    """Counts what goes on in the server."""

    def __init__(self):
        self.ids = set()
        self.open = self.most_open = 0
        self.asked = self.most_asked = 0  # requests under way at the same moment
        self.work = 0  # µs from the beginning of each request to its end, added up

    async def serve(self, answer, reader, writer):
        """One connection: answer each line."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        while await reader.readline():
            self.ids.add(threading.get_native_id())
            self.asked += 1
            self.most_asked = max(self.most_asked, self.asked)
            start = now()
            await answer()
            self.work += now() - start
            self.asked -= 1
            writer.write(b"done\n")
        self.open -= 1
        writer.close()


async def ask(connection):
    reader, writer = connection
    writer.write(b"please\n")
    await reader.readline()


async def measure(variant, answer, connections, together=True):
    watch = Watch()
    serving = []

    def connected(reader, writer):
        serving.append(asyncio.create_task(watch.serve(answer, reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1_000)
    port = server.sockets[0].getsockname()[1]
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    while watch.open < connections:
        await asyncio.sleep(0.001)
    start = now()
    if together:
        await asyncio.gather(*map(ask, opened))
    else:
        for connection in opened:
            await ask(connection)
    end = now()
    for _, writer in opened:
        writer.close()
    await asyncio.gather(*serving)
    server.close()
    span(variant, threading.get_native_id(), start, end)
    row(variant=variant, threads=sorted(watch.ids), connections=connections, open=watch.most_open,
        at_once=watch.most_asked, work_ns=round(watch.work * 1000), wall_ns=round((end - start) * 1000))  # fmt: skip


async def main(connections, wait_ms, rounds):
    connections = affordable(connections)
    few = max(2, connections // 50)
    await measure("each waits, one after the other", lambda: wait(wait_ms / 1000), few, together=False)
    await measure("each waits, all at once", lambda: wait(wait_ms / 1000), connections)
    await measure("each calculates, all at once", lambda: calculate(rounds), connections)


if __name__ == "__main__":
    try:
        asyncio.run(main(**params(connections=500, wait_ms=50, rounds=1_000)))
    except KeyboardInterrupt:
        sys.exit(130)
