"""What a worker's end looks like from outside, when it is a thread, a task of a pool, or a process.

    PYTHONPATH=lessons python lessons/lesson_04/events.py

Every worker says hello first, so that there is a message before it ends in one way or another.
"""

import multiprocessing
import os
import pickle
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from reporter import ctrl_c_ignored, lane, mark, now, row, span

SPAWN = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

# ---- The ways to end. `cleaned_up` is set where a `finally` was run.


def returns(cleaned_up):
    pass


# region two ways to end
def raises(cleaned_up):
    raise LookupError("no such room")  # <-


def exits(cleaned_up):
    sys.exit(3)


# endregion


def runs_on(cleaned_up):
    try:
        while True:
            time.sleep(1)
    finally:
        cleaned_up.set()


def work(end, say, cleaned_up):
    say("hello")
    end(cleaned_up)


def quiet_work(end, say, cleaned_up):
    """In a process: its traceback is not for this table."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - closed with the process
    work(end, say.put, cleaned_up)


# ---- What the main thread sees of it.


class Diary:
    """The events in their order, and the same as marks on the main thread's lane."""

    def __init__(self, variant):
        self.variant = variant
        self.events = []
        self.start = self.up = now()

    def saw(self, event):
        self.events.append(event)
        mark(event, threading.get_native_id(), scene=self.variant)

    def is_up(self):
        self.up = now()

    def close(self, worker, after, code=None, process=None):
        span("starts", worker, self.start, self.up, process, "starting", self.variant)
        span("runs", worker, self.up, now(), process, scene=self.variant)
        lane(worker, "worker", process)
        row(variant=self.variant, threads=[worker], events=" > ".join(self.events), code=code, after=after)


def watch_thread(variant, end):
    diary = Diary(variant)
    inbox = queue.SimpleQueue()
    threading.excepthook = lambda told: inbox.put(f"excepthook ({told.exc_type.__name__})")
    thread = threading.Thread(target=work, args=(end, inbox.put, threading.Event()))
    thread.start()
    thread.join()
    threading.excepthook = threading.__excepthook__
    while not inbox.empty():
        event = inbox.get()
        diary.saw("message" if event == "hello" else event)
    diary.saw("join")
    diary.close(thread.native_id, "the main thread runs on")


def watch_task(variant, end):
    diary = Diary(variant)
    inbox, hooked = queue.SimpleQueue(), []
    threading.excepthook = hooked.append
    with ThreadPoolExecutor(1) as pool:
        thread = pool.submit(threading.get_native_id).result()
        future = pool.submit(work, end, inbox.put, threading.Event())
        inbox.get()
        diary.saw("message")
        error = future.exception()
    threading.excepthook = threading.__excepthook__
    diary.saw(f"Future.exception() ({error})")
    diary.close(thread, "it told nobody else" if not hooked else "the excepthook was told")


def watch_process(variant, end, terminate=False):
    diary = Diary(variant)
    inbox, cleaned_up = SPAWN.Queue(), SPAWN.Event()
    process = SPAWN.Process(target=quiet_work, args=(end, inbox, cleaned_up), daemon=True)
    with ctrl_c_ignored():
        process.start()
    inbox.get()
    diary.is_up()
    diary.saw("message")
    if terminate:
        process.terminate()
    process.join()
    diary.saw(f"exitcode {process.exitcode}")
    after = "the parent runs on"
    if terminate:
        after = "finally was run" if cleaned_up.is_set() else "finally was skipped"
    diary.close(process.pid, after, process.exitcode, process.pid)


def uncloneable():
    """What cannot be pickled fails where it is sent, through a pipe; a queue sends it later, and tells nobody."""
    here, there = SPAWN.Pipe()
    try:
        here.send(lambda: None)
        told = "sent"
    except (pickle.PicklingError, AttributeError, TypeError):
        told = "an exception at the sender"
    row(variant="a lambda is sent through a Pipe", threads=[threading.get_native_id()], events=told,
        after="nothing was sent" if not there.poll() else "it arrived")  # fmt: skip

    stderr, sys.stderr = sys.stderr, open(os.devnull, "w")  # noqa: SIM115 - the queue's own thread prints a traceback
    try:
        line = SPAWN.Queue()
        line.put(lambda: None)
        line.put("next")
        arrived = line.get()
    finally:
        sys.stderr.close()
        sys.stderr = stderr
    after = "it was lost on the way" if arrived == "next" else "it arrived"
    row(variant="a lambda is put into a Queue", threads=[threading.get_native_id()],
        events=f"put returns > message ({arrived})", after=after)  # fmt: skip


def main():
    lane(threading.get_native_id(), "main")
    watch_thread("thread returns", returns)
    watch_thread("thread raises", raises)
    watch_thread("thread calls sys.exit(3)", exits)
    watch_task("task of a pool raises", raises)
    watch_process("process returns", returns)
    watch_process("process raises", raises)
    watch_process("process calls sys.exit(3)", exits)
    watch_process("process is terminated", runs_on, terminate=True)
    uncloneable()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
