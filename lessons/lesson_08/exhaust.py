"""A burst of requests, each with a little to calculate: a worker for each of them, or a pool for all?

PYTHONPATH=lessons python lessons/lesson_08/exhaust.py
"""

import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from reporter import ctrl_c_ignored, now, params, row

POOL = 2


def calculate(rounds):
    total = 0
    for i in range(rounds):
        total = (total + i * i) % 1_000_003
    return total


def memory():
    """The most memory this process ever held, in bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class Crowd:
    """Which workers there are, and how many of them at the same time, at most."""

    def __init__(self):
        self.lock = threading.Lock()
        self.ids, self.alive, self.most = set(), 0, 0

    @contextmanager
    def member(self):
        with self.lock:
            self.ids.add(threading.get_native_id())
            self.alive += 1
            self.most = max(self.most, self.alive)
        try:
            yield
        finally:
            with self.lock:
                self.alive -= 1


def tell(variant, requests, answers, threads, starts, most, begin, size):
    row(variant=variant, threads=sorted(threads)[:8], requests=requests, answered=answers, starts=starts,
        at_once=most, bytes=size, took_ns=round((now() - begin) * 1000))  # fmt: skip


def a_thread_each(requests, rounds):
    crowd, answers, together = Crowd(), [], threading.Barrier(requests)

    # region a thread for each request
    def serve():
        with crowd.member():
            together.wait(timeout=20)  # all of the burst is there
            answers.append(calculate(rounds))

    begin = now()
    threads = [threading.Thread(target=serve, daemon=True) for _ in range(requests)]  # <-
    # endregion
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell("a thread for each request", requests, len(answers), crowd.ids, len(threads), crowd.most, begin, None)


def serve_process(gate, rounds, pipe):
    pipe.send("here")
    gate.wait(timeout=30)  # all of the burst is there
    pipe.send((calculate(rounds), memory()))


def a_process_each(requests, rounds):
    gate, pipes, processes = context.Event(), [], []
    begin = now()
    with ctrl_c_ignored():
        for _ in range(requests):
            ours, theirs = context.Pipe()
            processes.append(context.Process(target=serve_process, args=(gate, rounds, theirs), daemon=True))
            processes[-1].start()
            theirs.close()
            pipes.append(ours)
    here = [pipe.recv() for pipe in pipes]
    gate.set()
    answers = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    sizes = [size for _, size in answers]
    tell("a process for each request", requests, len(answers), {process.pid for process in processes},
         len(processes), len(here), begin, None if None in sizes else sum(sizes))  # fmt: skip


def answer(rounds):
    return calculate(rounds), memory(), os.getpid()


def a_pool_of_processes(requests, rounds):
    begin = now()
    # region a pool of 2 processes
    with ProcessPoolExecutor(POOL, context) as pool:  # <-
        with ctrl_c_ignored():
            futures = [pool.submit(answer, rounds) for _ in range(requests)]
        answers = [future.result() for future in futures]
    # endregion
    ids = {process for _, _, process in answers}
    sizes = [size for _, size, _ in answers]
    size = None if None in sizes else POOL * max(sizes)
    tell("a pool of 2 processes", requests, len(answers), ids, POOL, POOL, begin, size)


def main(threads, rounds):
    a_thread_each(threads, rounds)
    a_process_each(threads, rounds)
    a_pool_of_processes(threads, rounds)


context = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread

if __name__ == "__main__":
    try:
        main(**params(threads=12, rounds=20_000))
    except KeyboardInterrupt:
        sys.exit(130)
