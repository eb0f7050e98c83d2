"""In which order does asyncio's loop call what was handed to it? Every name is noted when it runs."""

import asyncio
import sys
import time
from threading import get_native_id

from reporter import row, skip


class Notes:
    """What ran, in order."""

    def __init__(self):
        self.names = []
        self.begun = time.perf_counter_ns()

    def note(self, name):
        self.names.append(name)

    def report(self, variant):
        took = time.perf_counter_ns() - self.begun
        row(variant=variant, threads=[get_native_id()], order=" > ".join(self.names), took_ns=took)


async def noting(notes, name):
    notes.note(name)


async def several():
    """Everything asked for in one go, last things first."""
    loop, notes = asyncio.get_running_loop(), Notes()
    # region asked for in one go
    loop.call_later(0, notes.note, "call_later(0)")
    loop.call_soon(notes.note, "call_soon")  # <-
    task = asyncio.create_task(noting(notes, "task"))
    notes.note("code")
    # endregion
    await asyncio.sleep(0.01)
    await task
    notes.report("asked for in one go")


async def nested():
    """What a callback asks for comes a turn later, behind all that were ready already."""
    loop, notes = asyncio.get_running_loop(), Notes()

    def first():
        notes.note("a")
        loop.call_soon(notes.note, "c, asked for by a")

    loop.call_soon(first)
    loop.call_soon(notes.note, "b")
    await asyncio.sleep(0.01)
    notes.report("asked for by a callback")


async def chain():
    """A task that only awaits what is done never lets the loop turn."""
    loop, notes = asyncio.get_running_loop(), Notes()
    loop.call_soon(notes.note, "call_soon")
    for _ in range(1_000):
        await noting(Notes(), "")
    notes.note("1,000 awaits")
    await asyncio.sleep(0.01)
    notes.report("await what is done")


async def eager():
    loop, notes = asyncio.get_running_loop(), Notes()
    loop.set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(noting(notes, "task"))
    notes.note("code")
    await task
    notes.report("an eager task")


for experiment in (several, nested, chain):
    asyncio.run(experiment())
if sys.version_info >= (3, 12):
    asyncio.run(eager())
else:
    skip("an eager task", "it came with Python 3.12")
