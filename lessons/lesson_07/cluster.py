"""A server with fast and slow pages, in several shapes: which keeps the fast pages fast, which does most slow ones?

    PYTHONPATH=lessons python lessons/lesson_07/cluster.py

Each shape is really started and really asked, over HTTP on a free port of this machine, by load.py in a process of
its own: 200 times a second for a fast page, and all the time for slow ones, by as many clients as there are processes.
The processes of a cluster all listen on one socket, which they got from their parent ("pre-fork"): the system gives
each connection to one that has time for it. The last two shapes are uvicorn's server in each process, as
`uvicorn --workers` has it; the others do with asyncio.
"""

import asyncio
import json
import math
import multiprocessing
import os
import socket
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import accumulate

import load
from reporter import ctrl_c_ignored, lane, now, params, row, skip, span

SLOW_S = 0.05  # what a slow page takes to calculate, about


def calculate(rounds):
    """A slow page: it calculates."""
    start = now()
    total = 0
    for i in range(rounds):
        total = (total + i * i) % 1_000_003
    return {"process": os.getpid(), "start": start, "end": now(), "sum": total}


# ---- a pool of processes that calculate


def work(pipe):
    """A worker: rounds come in, pages go out, until the other side is gone."""
    try:
        pipe.send("ready")
        while True:
            pipe.send(calculate(pipe.recv()))
    except (EOFError, OSError):
        pass


class Worker:
    def __init__(self, loop):
        self.loop = loop
        self.unfinished = []  # the futures of its jobs, in their order
        self.pipe, theirs = context.Pipe()
        context.Process(target=work, args=(theirs,), daemon=True).start()
        theirs.close()

    def begin(self):
        self.pipe.recv()  # it is ready
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            page = self.pipe.recv()
            self.loop.call_soon_threadsafe(self.unfinished.pop(0).set_result, page)


def start_pool(size):
    workers = [Worker(asyncio.get_running_loop()) for _ in range(size)]
    for worker in workers:
        worker.begin()

    async def run(rounds):
        worker = min(workers, key=lambda worker: len(worker.unfinished))
        page = worker.loop.create_future()
        worker.unfinished.append(page)
        worker.pipe.send(rounds)
        return await page

    return run


# ---- a process of the server


class Site:
    """The pages. What is slow is calculated by workers, or, where there are none, on the event loop."""

    def __init__(self, workers, rounds):
        self.pool = start_pool(workers) if workers else None
        self.rounds = rounds
        self.calculating = 0

    # region two pages
    async def page(self, path):
        if path == "/fast":
            return {"process": os.getpid(), "calculating": self.calculating}
        self.calculating += 1
        page = await self.pool(self.rounds) if self.pool else calculate(self.rounds)  # <-
        self.calculating -= 1
        return page

    # endregion


async def by_asyncio(site, listening, ready):
    """As much of HTTP as we need."""

    async def connected(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        body = json.dumps(await site.page(head.split()[1].decode())).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        writer.close()

    server = await asyncio.start_server(connected, sock=listening)
    ready()
    await server.serve_forever()


async def by_uvicorn(site, listening, ready):
    import uvicorn  # only here: it takes a while, and who calculates needs none of it

    async def app(scope, receive, send):
        body = json.dumps(await site.page(scope["path"])).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    ready()
    await uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).serve([listening])


def server(pipe, serve, listening, workers, rounds):
    """One process of the server; it ends when whoever started it has closed the pipe, or is gone."""

    async def main():
        await serve(Site(workers, rounds), listening, lambda: pipe.send("ready"))

    def watch():
        try:
            pipe.recv()
        except (EOFError, OSError):
            os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    asyncio.run(main())


# ---- the measurement


@contextmanager
def started(target, *arguments):
    """A process with a pipe to it, which ends when the pipe is closed."""
    pipe, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments))
    try:
        with ctrl_c_ignored():
            process.start()
        theirs.close()
        yield pipe
    finally:
        pipe.close()
        process.join()


def at_once(pages):
    """How many of these pages were being calculated at the same moment, at most."""
    changes = sorted(change for page in pages for change in ((page["start"], 1), (page["end"], -1)))
    return max(accumulate(change for _, change in changes))


def percentile(p, values):
    return round(sorted(values)[math.ceil(p / 100 * len(values)) - 1] * 1000)


def measure(variant, serve, processes, workers, client, rounds, seconds, slow_clients):
    with ExitStack() as running:
        listening = running.enter_context(socket.create_server(("127.0.0.1", 0), backlog=500))
        servers = [started(server, serve, listening, workers, rounds) for _ in range(processes)]
        for pipe in [running.enter_context(each) for each in servers]:
            pipe.recv()  # it is ready
        client.send((listening.getsockname()[1], seconds, slow_clients))
        seen = client.recv()

    fast, slow = seen["fast"], seen["slow"]
    took = [page["end"] - page["start"] for page in slow]
    latencies = [page["answered"] - page["asked"] for page in fast]
    for page in slow:
        lane(page["process"], "worker" if workers else "server", page["process"])
        span("slow", page["process"], page["start"], page["end"], page["process"], scene=variant)

    def per_second(pages):
        return sum(seen["begin"] <= page["answered"] < seen["end"] for page in pages) / seconds

    row(variant=variant, threads=sorted({page["process"] for page in slow}),
        per_s=per_second(fast + slow), slow_per_s=per_second(slow), slow=len(slow), fast=len(fast),
        during=sum(page["calculating"] > 0 for page in fast), at_once=at_once(slow), failed=seen["failed"],
        p50=percentile(50, latencies), p95=percentile(95, latencies), p99=percentile(99, latencies),
        # how undisturbed this was: the shortest and the mean calculation, and how late the load's own timers were
        best_ns=round(min(took) * 1000), mean_ns=round(sum(took) / len(took) * 1000),
        late_ns=percentile(95, [page["late"] for page in fast]))  # fmt: skip


def calibrate():
    """How many rounds a slow page takes here."""
    rounds, times = 50_000, []
    for _ in range(5):
        start = time.process_time()  # of this process alone, whatever else the machine does
        calculate(rounds)
        times.append(time.process_time() - start)
    return round(rounds * SLOW_S / min(times))


def main(threads, seconds):
    with started(load.main) as client:
        settings = client, calibrate(), seconds, threads
        measure("single", by_asyncio, 1, 0, *settings)
        measure("one worker", by_asyncio, 1, 1, *settings)
        measure("workers", by_asyncio, 1, threads, *settings)
        measure("cluster", by_asyncio, threads, 0, *settings)
        measure("both", by_asyncio, threads, threads, *settings)
        for variant, workers in (("cluster, uvicorn", 0), ("both, uvicorn", threads)):
            if find_spec("uvicorn"):
                measure(variant, by_uvicorn, threads, workers, *settings)
            else:
                skip(variant, "the package uvicorn is not installed", get="pip install 'mtlearn[lab]'")


context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

if __name__ == "__main__":
    try:
        main(**params(threads=2, seconds=0.8))
    except KeyboardInterrupt:
        sys.exit(130)
