"""How a demo script tells what it measured: one JSON line for each thing, on standard output.

    params(threads=4)      what the caller asked for, these values where nothing was asked
    row(variant=..., ...)  one row of the result table
    skip(variant, why)     a row that could not be measured here, and why; get="pip install ..." brings it
    now(), span(...)       what happened when, on which thread (for the timeline and the trace file)
    mark(...), lane(...)   one moment on a thread's lane; what a thread is called there
    gauge(name, value)     one reading of something that is read again and again, drawn as it comes
    ctrl_c_ignored()       around the start of processes: what is started within leaves Ctrl-C to this one

Run by hand (`PYTHONPATH=lessons python lessons/lesson_05/race.py`), a script prints readable lines instead.
`reporter.mjs` is the same in JavaScript.
"""

import json
import os
import signal
import sys
import time
from contextlib import contextmanager

FOR_MTLEARN = "MTLEARN_PARAMS" in os.environ


def params(**defaults):
    asked = json.loads(os.environ.get("MTLEARN_PARAMS", "{}"))
    return {name: type(value)(asked.get(name, value)) for name, value in defaults.items()}


def row(**cells):
    tell({"row": cells})


def skip(variant, why, get=None):
    told = {"skipped": f"{why}: {get}", "get": get} if get else {"skipped": why}
    tell({"row": {"variant": variant, **told}})


def now():
    """Microseconds on a clock that all processes of this machine share."""
    return time.monotonic_ns() / 1000


def span(name, thread, start, end, process=None, state="running", scene=None):
    """`thread` did `name` from `start` to `end` (both from now()); its `state` is running, waiting or starting.

    A demo of several `scenes` gets a picture for each, all on one scale.
    """
    event("X", name, thread, process, scene, ts=start, dur=end - start, cat=state)


def mark(name, thread, process=None, at=None, scene=None):
    """Something happened on `thread` at one moment (now, where `at` is not given)."""
    event("i", name, thread, process, scene, ts=now() if at is None else at, s="t")


def lane(thread, name, process=None):
    """Call a thread by this name; lanes are drawn in the order in which they are named."""
    event("M", "thread_name", thread, process, args={"name": name})


def gauge(name, value, form="count"):
    """`name` reads `value` now; its `form` is count, share (0 to 1), ns or bytes, as for a column of the table."""
    tell({"event": {"name": name, "ph": "C", "pid": os.getpid(), "ts": now(), "cat": form, "args": {"value": value}}})


@contextmanager
def ctrl_c_ignored():
    """Processes that are started within inherit it: Ctrl-C is for the main process, which ends the others."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def uninterrupted():
    """Ctrl-C and SIGTERM wait until this is done: for making a block of shared memory.

    Between its making and the moment when Python's resource tracker knows it, nobody would put it away.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where a block goes with its last user
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # or it would start in between, which takes long and lets the signals through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def event(kind, name, thread, process, scene=None, **more):
    if scene is not None:
        more["args"] = {"scene": scene}
    tell({"event": {"name": name, "ph": kind, "pid": process or os.getpid(), "tid": thread, **more}})


def tell(thing):
    if FOR_MTLEARN:
        sys.stdout.write(json.dumps(thing) + "\n")
        sys.stdout.flush()
    elif "row" in thing:
        print("  ".join(f"{name}={value}" for name, value in thing["row"].items()))
