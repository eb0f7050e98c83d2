"""An event loop, a busy worker and an idle one are watched while they work. What does each figure tell?

    PYTHONPATH=lessons python lessons/lesson_10/monitor.py

The loop hands out a job of 10 ms every 20 ms, so the worker is busy half the time. Then somebody blocks the loop.
"""

import asyncio
import hashlib
import math
import queue
import selectors
import sys
import threading
from time import perf_counter

from reporter import gauge, params, row, skip

try:
    import psutil
except ImportError:
    psutil = None

PERIOD_S = 0.01  # between two ticks of the loop's watch
WARM_UP_S = 3 * PERIOD_S
READING_S = 0.1  # between two readings of all gauges
JOB_S, EVERY_S = 0.01, 0.02
BLOCK_S = 0.2
SHORT = {"event loop": "loop", "busy worker": "worker", "idle worker": "idle"}


class LoopDelay:
    """Ticks on the loop every 10 ms. How late a tick is, is how long anybody else on this loop waited, too."""

    def __init__(self):
        self.lags, self.last = [], None

    async def run(self):
        while True:
            now = perf_counter()
            if self.last is not None:  # the first tick has nothing to be late against
                self.lags.append(max(0, now - self.last - PERIOD_S))
            self.last = now
            await asyncio.sleep(PERIOD_S)

    def figures(self):
        lags = sorted(self.lags) or [0]
        p99 = lags[math.ceil(0.99 * len(lags)) - 1]
        return {"mean_ns": round(sum(lags) / len(lags) * 1e9), "p99_ns": round(p99 * 1e9)}


class Selector(selectors.DefaultSelector):
    """Where an event loop waits when it has nothing to do: so this knows how long that was."""

    idle_s = 0.0

    def select(self, timeout=None):
        start = perf_counter()
        try:
            return super().select(timeout)
        finally:
            self.idle_s += perf_counter() - start


class Worker(threading.Thread):
    """Takes jobs from a queue, and counts how long it was busy."""

    def __init__(self):
        super().__init__(daemon=True)
        self.jobs, self.done_s, self.since = queue.Queue(), 0.0, None
        self.start()

    def run(self):
        while self.jobs.get() != "end":
            start = self.since = perf_counter()
            while perf_counter() < start + JOB_S:
                hashlib.pbkdf2_hmac("sha256", b"correct horse", b"battery staple", 500)  # lets go of the GIL
            self.done_s, self.since = self.done_s + perf_counter() - start, None

    def busy_s(self):
        """With the part of the job that it is in now."""
        since = self.since
        return self.done_s + (perf_counter() - since if since else 0)


def block():
    """Somebody calculates on the loop's own thread."""
    end = perf_counter() + BLOCK_S
    while perf_counter() < end:
        pass


async def stall(variant, warm_up_s):
    """A block of 200 ms, so long after the watch was started: what does the watch say?"""
    # region block a loop that is watched
    delay = LoopDelay()
    watch = asyncio.create_task(delay.run())
    if warm_up_s:
        await asyncio.sleep(warm_up_s)
    block()  # <-
    # endregion
    await asyncio.sleep(0.3)
    watch.cancel()
    row(variant=variant, threads=[threading.get_native_id()], blocked_ns=round(BLOCK_S * 1e9), **delay.figures())


class Scene:
    """A loop that hands out jobs, a worker that does them, and one that has nothing to do."""

    def __init__(self, selector):
        self.selector, self.delay = selector, LoopDelay()
        self.busy, self.idle = Worker(), Worker()
        self.ids = {"event loop": threading.get_native_id(), "busy worker": self.busy.native_id,
                    "idle worker": self.idle.native_id}  # fmt: skip
        self.begin, self.sent, self.waiting = perf_counter(), 0, [0]

    async def hand_out(self):
        """A job every 20 ms; after a delay all that are due at once."""
        while True:
            for _ in range(self.sent, int((perf_counter() - self.begin) / EVERY_S)):
                self.busy.jobs.put("a job")
                self.sent += 1
            self.waiting.append(self.busy.jobs.qsize())
            await asyncio.sleep(EVERY_S)

    def totals(self):
        """The time, and how long each thread was busy, and on a core, until now."""
        now = perf_counter()
        busy = (now - self.selector.idle_s, self.busy.busy_s(), self.idle.busy_s())
        cpu = {each.id: each.user_time + each.system_time for each in psutil.Process().threads()} if psutil else {}
        return (
            now,
            dict(zip(self.ids, busy, strict=True)),
            {name: cpu[id] for name, id in self.ids.items() if id in cpu},
        )

    async def read(self):
        """Read every gauge again and again."""
        before, lags, waits = self.totals(), 0, 0
        while True:
            await asyncio.sleep(READING_S)
            after = self.totals()
            utilisation, cpu = shares(before, after)
            gauge("loop delay", round(max(self.delay.lags[lags:], default=0) * 1e9), "ns")
            gauge("loop busy", utilisation["event loop"], "share")
            gauge("worker busy", utilisation["busy worker"], "share")
            for name in cpu:
                gauge(f"{SHORT[name]} on CPU", cpu[name], "share")
            gauge("jobs waiting", max(self.waiting[waits:], default=0))
            before, lags, waits = after, len(self.delay.lags), len(self.waiting)


def shares(before, after):
    """The part of the time between two totals that each thread was busy, and the part that it was on a core."""
    (start, *early), (end, *late) = before, after
    took = end - start
    return [{name: round((b[name] - a[name]) / took, 3) for name in b} for a, b in zip(early, late, strict=True)]


async def watched(seconds, selector):
    scene = Scene(selector)
    tasks = [asyncio.create_task(each) for each in (scene.delay.run(), scene.hand_out(), scene.read())]
    await asyncio.sleep(WARM_UP_S)
    before = scene.totals()
    await asyncio.sleep(seconds / 2)
    utilisation, cpu = shares(before, scene.totals())
    told = {"event loop": scene.delay.figures(), "busy worker": {"waiting": max(scene.waiting)}}
    calm = len(scene.waiting)
    block()
    await asyncio.sleep(seconds / 2)
    for task in tasks:
        task.cancel()
    for worker in (scene.busy, scene.idle):
        worker.jobs.put("end")

    for name, id in scene.ids.items():
        row(variant=name, threads=[id], utilisation=utilisation[name], cpu=cpu.get(name), **told.get(name, {}))
    row(variant="busy worker, after a block", threads=[scene.busy.native_id],
        waiting=max(scene.waiting[calm:]), due=round(BLOCK_S / EVERY_S))  # fmt: skip
    if not psutil:
        skip("CPU per thread", "the package psutil is not installed there", get="pip install psutil")


async def main(seconds, selector):
    await stall("block, right after the start", 0)
    await stall("block, after a warm-up", WARM_UP_S)
    await watched(seconds, selector)


if __name__ == "__main__":
    selector = Selector()
    try:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            runner.run(main(**params(seconds=2.0), selector=selector))
    except KeyboardInterrupt:
        sys.exit(130)
