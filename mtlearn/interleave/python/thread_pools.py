"""`multiprocessing.pool.ThreadPool` without the three threads that it keeps beside its workers.

They only carry tasks and results from one queue to the next, and every order of their steps would be one more to try.
Here tasks go to the workers at once, and a worker hands its own result over, one at a time, so that callbacks come one
after the other as they always do. Only `imap`, which may be given a generator, has a thread that feeds the workers.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Iterable
from multiprocessing import pool as pools
from typing import Any

from mtlearn.interleave.python import primitives
from mtlearn.interleave.python.control import scheduled

_real: dict[str, Callable[..., Any]] = {
    name: getattr(pools.ThreadPool, name) for name in ("__init__", "close", "terminate", "join")
}


class _Results:
    """Where workers put what they have done."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.turn = primitives.Lock()

    def put(self, result: tuple[int, int, Any]) -> None:
        """Hand a result to who waits for it, unless the pool was terminated."""
        job, number, value = result
        with self.turn:
            waits = self.pool._cache.get(job)
            if waits is not None and self.pool._state != pools.TERMINATE:
                waits._set(number, value)


class _Tasks:
    """Where a pool's methods put what there is to do."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.feeders: list[threading.Thread] = []

    def put(self, tasks: tuple[Iterable[Any], Callable[[int], None] | None]) -> None:
        """Hand tasks to the workers."""
        each, set_length = tasks
        if set_length is None:
            for task in each:
                self.pool._inqueue.put(task)
        else:
            self.beside(self._feed, each, set_length)

    def beside(self, target: Callable[..., None], *arguments: Any) -> None:
        """Do something in a thread of its own."""
        feeder = threading.Thread(target=target, args=arguments, daemon=True)
        self.feeders.append(feeder)
        feeder.start()

    def _feed(self, tasks: Iterable[Any], set_length: Callable[[int], None]) -> None:
        count = 0
        for task in tasks:
            if self.pool._state == pools.TERMINATE:
                return
            self.pool._inqueue.put(task)
            count += 1
        set_length(count)


def init(pool: Any, processes: int | None = None, initializer: Any = None, initargs: Any = ()) -> None:
    """Make a pool. Raises as the library's does."""
    if scheduled()[0] is None:
        _real["__init__"](pool, processes, initializer, initargs)
        return
    if processes is not None and processes < 1:
        raise ValueError("Number of processes must be at least 1")
    if initializer is not None and not callable(initializer):
        raise TypeError("initializer must be a callable")
    pool._pool, pool._cache, pool._state, pool._ctx = [], {}, pools.RUN, multiprocessing.get_context()
    pool._processes = processes or os.cpu_count() or 1
    pool._inqueue, pool._outqueue, pool._taskqueue = primitives.SimpleQueue(), _Results(pool), _Tasks(pool)
    pool._initializer, pool._initargs, pool._maxtasksperchild = initializer, initargs, None
    pool._repopulate_pool()


def close(pool: Any) -> None:
    """Take no more tasks; the workers end when all are done."""
    tasks = pool._taskqueue
    if not isinstance(tasks, _Tasks):
        _real["close"](pool)
    elif pool._state == pools.RUN:
        pool._state = pools.CLOSE
        if tasks.feeders:
            tasks.beside(_end_after, pool, list(tasks.feeders))
        else:
            _end(pool)


def terminate(pool: Any) -> None:
    """End the workers as soon as each has done what it is at."""
    if not isinstance(pool._taskqueue, _Tasks):
        _real["terminate"](pool)
        return
    pool._state = pools.TERMINATE
    try:
        while True:
            pool._inqueue.get(block=False)
    except queue.Empty:
        _end(pool)


def join(pool: Any) -> None:
    """Wait for the workers to end. Raises ValueError while the pool takes tasks."""
    tasks = pool._taskqueue
    if not isinstance(tasks, _Tasks) or pool._state == pools.RUN:
        _real["join"](pool)
        return
    for thread in (*tasks.feeders, *pool._pool):
        thread.join()


def _end(pool: Any) -> None:
    for _ in pool._pool:
        pool._inqueue.put(None)


def _end_after(pool: Any, feeders: list[threading.Thread]) -> None:
    for feeder in feeders:
        feeder.join()
    _end(pool)


MODELS: tuple[tuple[Any, str, Any], ...] = (
    (pools.ThreadPool, "__init__", init),
    (pools.ThreadPool, "close", close),
    (pools.ThreadPool, "terminate", terminate),
    (pools.ThreadPool, "join", join),
)
