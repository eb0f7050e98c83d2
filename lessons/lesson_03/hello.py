"""Create a worker, hand it data, get an answer, end it: every message with the thread that sent it.

    PYTHONPATH=lessons python lessons/lesson_03/hello.py

The same twice: with a thread, which lives in this process, and with a process of its own.
"""

import multiprocessing
import os
import queue
import signal
import sys
import threading
from multiprocessing.connection import wait

from reporter import lane, mark, now, params, row, span

LIMIT = 30_000  # the worker's task: how many primes are below?
PINGS = 50
LOOK = 0.002  # seconds between two looks whether the answer has come


def primes_below(limit):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, limit))


def answer(receive, send, greeting):
    """The worker: it says where it runs, then answers what it receives."""
    is_main = threading.current_thread() is threading.main_thread()
    send({"process": os.getpid(), "id": threading.get_native_id(), "main": is_main, "data": greeting, "at": now()})
    for task, limit, sent in iter(receive, None):
        start = now()
        if task == "ping":
            send("pong")
        if task == "primes":
            send({"primes": primes_below(limit), "sent": sent, "start": start, "end": now()})
        if task == "for ever":
            send(start)
            while True:
                pass


def answer_over_pipe(pipe, greeting):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    answer(pipe.recv, pipe.send, greeting)


class ThreadWorker:
    """A thread and two queues: what is put in is not copied."""

    kind, start_call, send_call = "thread", "start, args", "queue.put"

    def __init__(self, greeting):
        self.inbox, self.outbox = queue.Queue(), queue.Queue()
        self.worker = threading.Thread(target=answer, args=(self.inbox.get, self.outbox.put, greeting), daemon=True)
        self.worker.start()
        self.send, self.receive = self.inbox.put, self.outbox.get

    def arrived(self, seconds):
        """Whether there is an answer; waits for it, at most so long."""
        if self.outbox.empty():
            threading.Event().wait(seconds)
        return not self.outbox.empty()


class ProcessWorker:
    """A process and a pipe: every message is pickled here and unpickled there."""

    kind, start_call, send_call = "process", "start, args", "pipe.send"

    def __init__(self, greeting):
        spawn = multiprocessing.get_context("spawn")  # a fresh interpreter: works on every system
        self.pipe, other = spawn.Pipe()
        self.worker = spawn.Process(target=answer_over_pipe, args=(other, greeting), daemon=True)
        self.worker.start()
        other.close()
        self.send, self.receive = self.pipe.send, self.pipe.recv

    def arrived(self, seconds):
        return bool(wait([self.pipe], seconds))


def talk(worker_class):
    kind = worker_class.kind
    me = threading.get_native_id()
    begun = now()
    worker = worker_class("hello")
    ready = worker.receive()
    here, there = f"main {me}", f"{kind} {ready['id']}"
    lane(ready["id"], kind, ready["process"])

    def told(step, source, target, carried, start, end, **more):
        row(variant=f"{kind}: {step}", **{"from": source, "to": target}, carried=carried,
            took_ns=round((end - start) * 1000), **more)  # fmt: skip

    span("starting", ready["id"], begun, ready["at"], ready["process"], "starting", kind)
    told(worker.start_call, here, there, str(ready["data"]), begun, ready["at"], main_id=me, worker_id=ready["id"],
         worker_is_main=ready["main"], same_process=ready["process"] == os.getpid())  # fmt: skip

    # region ask, and go on meanwhile
    sent, turns = now(), 0
    worker.send(("primes", LIMIT, sent))
    while not worker.arrived(LOOK):
        turns += 1  # the main thread is free for other work meanwhile  # <-
        mark("turn", me, scene=kind)
    result = worker.receive()
    # endregion
    got = now()
    span("waiting for the answer", me, sent, got, state="waiting", scene=kind)
    span("counting primes", ready["id"], result["start"], result["end"], ready["process"], scene=kind)
    told(f"{worker.send_call}, there", here, there, f"primes below {LIMIT}?", result["sent"], result["start"])
    told(f"{worker.send_call}, back", there, here, f"{result['primes']} primes", result["end"], got,
         turns=turns, primes=result["primes"], limit=LIMIT)  # fmt: skip

    fastest = float("inf")
    for _ in range(PINGS):
        start = now()
        worker.send(("ping", None, None))
        worker.receive()
        fastest = min(fastest, now() - start)
    told(f"ping, fastest of {PINGS}", here, f"{there} and back", "ping, pong", 0, fastest, ping=True)
    return worker, ready, told, here, there


def end_thread(worker, ready, told, here, there):
    """A thread cannot be ended from outside: it has to be asked."""
    stop = now()
    worker.send(None)
    worker.worker.join()
    told(
        "queue.put(None), join",
        here,
        there,
        "it returned",
        stop,
        now(),
        can_terminate=hasattr(worker.worker, "terminate"),
    )


def end_process(worker, ready, told, here, there):
    """A process can be ended in the middle of anything."""
    worker.send(("for ever", None, None))
    endless, stop = worker.receive(), now()
    worker.worker.terminate()
    worker.worker.join()
    end = now()
    span("while True: pass", ready["id"], endless, end, ready["process"], scene="process")
    span("terminate", threading.get_native_id(), stop, end, state="waiting", scene="process")
    told("terminate, join", here, there, f"exit code {worker.worker.exitcode}", stop, end, code=worker.worker.exitcode)


def main():
    lane(threading.get_native_id(), "main")
    end_thread(*talk(ThreadWorker))
    end_process(*talk(ProcessWorker))


if __name__ == "__main__":
    try:
        main(**params())
    except KeyboardInterrupt:
        sys.exit(130)
