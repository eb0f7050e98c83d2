"""Ten tasks that only wait, and a few workers: does a worker wait for one at a time, or for all of them?

    PYTHONPATH=lessons python lessons/lesson_08/async_workers.py

A worker here is a thread with its own event loop. Then the same with real pages: a server on this machine, which
takes its time for each page, and workers that fetch the pages and count the links in them.
"""

import asyncio
import queue
import re
import sys
import threading
from contextlib import contextmanager

from reporter import now, params, row

WORKERS, TASKS, WAIT_S = 2, 10, 0.05


class Gauge:
    """How many are under way, and the most there ever were."""

    def __init__(self):
        self.lock = threading.Lock()
        self.now = self.most = 0

    @contextmanager
    def one_more(self):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield
        finally:
            with self.lock:
                self.now -= 1


def spread(tasks, workers, at_a_time, do):
    """Do all tasks, `do(task)` each, on so many threads, each awaiting up to `at_a_time` of them at once."""
    line, results, threads = queue.SimpleQueue(), [], set()
    for task in tasks:
        line.put(task)

    # region a worker that awaits
    async def take():
        while True:
            try:
                task = line.get_nowait()
            except queue.Empty:
                return
            results.append(await do(task))

    async def serve():
        threads.add(threading.get_native_id())
        await asyncio.gather(*(take() for _ in range(at_a_time)))  # <-

    # endregion

    crew = [threading.Thread(target=asyncio.run, args=(serve(),), daemon=True) for _ in range(workers)]
    begin = now()
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return results, sorted(threads), now() - begin


def waits(variant, workers, at_a_time):
    gauge = Gauge()

    async def wait(task):
        with gauge.one_more():
            await asyncio.sleep(WAIT_S)
        return task

    done, threads, took = spread(range(TASKS), workers, at_a_time, wait)
    row(variant=variant, threads=threads, tasks=len(done), at_once=gauge.most, took_ns=round(took * 1000))


# ---- scraping


def page(number):
    links = "".join(f'<a href="/page/{n}">page {n}</a> ' for n in range(number + 1))
    return f"<html><title>page {number}</title>{links}</html>"


async def fetch(port, number):
    """A page over HTTP, and the links in it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /page/{number} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return len(re.findall(rb'<a href="/page/\d+">', answer))


@contextmanager
def site():
    """A server in its own thread: its port, and how many pages are asked for at once."""
    gauge, started = Gauge(), queue.SimpleQueue()

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        with gauge.one_more():
            await asyncio.sleep(WAIT_S)
            body = page(int(head.split()[1].rpartition(b"/")[2])).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
            writer.close()

    async def serve():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        stop = asyncio.Event()
        started.put((server.sockets[0].getsockname()[1], asyncio.get_running_loop(), stop))
        async with server:
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    port, loop, stop = started.get()
    try:
        yield port, gauge
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def scrape(variant, workers, at_a_time):
    with site() as (port, gauge):
        links, threads, took = spread(range(TASKS), workers, at_a_time, lambda number: fetch(port, number))
    row(variant=variant, threads=threads, tasks=len(links), at_once=gauge.most, links=sum(links),
        took_ns=round(took * 1000))  # fmt: skip


def main(workers):
    waits("1 worker, awaits all of them", 1, TASKS)
    waits("2 workers, one task at a time", workers, 1)
    waits("2 workers, five tasks at a time", workers, TASKS // workers)
    scrape("scraping, one page at a time", workers, 1)
    scrape("scraping, five pages at a time", workers, TASKS // workers)


if __name__ == "__main__":
    try:
        main(**params(workers=WORKERS))
    except KeyboardInterrupt:
        sys.exit(130)
