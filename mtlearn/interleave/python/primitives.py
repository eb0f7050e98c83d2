"""Models of what threads synchronise with: Lock, RLock, starting and joining a thread, time.

The library's Condition, Event, Semaphore, Barrier, Queue and ThreadPoolExecutor run unmodified on top.
Outside a run, or in a thread that is not under control, a lock is a plain flag that never blocks.
"""

from __future__ import annotations

import queue
import threading
import time
from _thread import get_ident  # the real one
from collections.abc import Callable
from types import TracebackType
from typing import Any

from mtlearn.interleave.python.scheduler import Control, Scheduler, Worker, scheduled

TIMEOUT_MAX = threading.TIMEOUT_MAX


class Lock:
    """A `threading.Lock`."""

    kind = "lock"

    def __init__(self) -> None:
        self.holder: Worker | None = None
        self.held = False

    def _free(self) -> bool:
        return not self.held

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire the lock, waiting for ever, for `timeout` seconds of virtual time, or not at all."""
        _check_arguments(blocking, timeout)
        scheduler, me = scheduled()
        if scheduler is None or me is None:
            if self.held:
                if blocking and timeout < 0:
                    raise RuntimeError("this lock is held, and nothing runs that could release it")
                return False
            self.held = True
            return True
        return _take(self, scheduler, me, blocking, timeout)

    def release(self) -> None:
        """Release the lock, whoever holds it."""
        scheduler, me = scheduled()
        if scheduler is None or me is None or scheduler.aborting:
            self.held, self.holder = False, None
            return
        if not self.held:
            raise RuntimeError("release unlocked lock")
        _give(self, scheduler, me)

    def locked(self) -> bool:
        """Say whether somebody holds it."""
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            _look(self, scheduler, me, "look")
        return self.held

    # What threading.Condition asks a lock for
    def _is_owned(self) -> bool:
        return self.held

    def _at_fork_reinit(self) -> None:
        self.held, self.holder = False, None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    acquire_lock, release_lock, locked_lock = acquire, release, locked


class RLock(Lock):
    """A `threading.RLock`."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire the lock once more, or for the first time as `Lock.acquire` does."""
        _check_arguments(blocking, timeout)
        scheduler, me = scheduled()
        if self.held and self.holder is me:
            self.count += 1
            return True
        if scheduler is None or me is None:
            taken = super().acquire(blocking, timeout)
        else:
            taken = _take(self, scheduler, me, blocking, timeout)
        if taken:
            self.count = 1
        return taken

    def release(self) -> None:
        """Release the lock once."""
        scheduler, me = scheduled()
        if scheduler is not None and scheduler.aborting:
            self.held, self.holder, self.count = False, None, 0
            return
        if not self.held or self.holder is not me:
            raise RuntimeError("cannot release un-acquired lock")
        self.count -= 1
        if self.count == 0:
            if scheduler is None or me is None:
                self.held, self.holder = False, None
            else:
                _give(self, scheduler, me)

    def _is_owned(self) -> bool:
        return self.held and self.holder is scheduled()[1]

    def _release_save(self) -> int:
        count, self.count = self.count, 1
        self.release()
        return count

    def _acquire_restore(self, count: int) -> None:
        self.acquire()
        self.count = count

    __enter__ = acquire


class Waiter(Lock):
    """The lock a `threading.Condition` makes for each wait: its maker takes it before others see it."""

    kind = "condition"

    def __init__(self) -> None:
        super().__init__()
        self.fresh = True

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire it; the first time is no point."""
        if self.fresh:
            self.fresh = False
            self.held = True
            return True
        return super().acquire(blocking, timeout)


def _check_arguments(blocking: bool, timeout: float) -> None:
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")


def _look(lock: Lock, scheduler: Scheduler, me: Worker, operation: str = "acquire") -> None:
    """Stop before an operation that sees whether a lock is held; releases are points from now on."""
    _tries(lock, scheduler)
    scheduler.pause(me, (operation, lock))


def _tries(lock: Lock, scheduler: Scheduler) -> None:
    if not scheduler.watch.tries and not isinstance(lock, Waiter):
        scheduler.watch.tries = scheduler.grown = True


def _take(lock: Lock, scheduler: Scheduler, me: Worker, blocking: bool, timeout: float) -> bool:
    if blocking:
        if timeout >= 0:
            _tries(lock, scheduler)
        blocks = lock.held
        if scheduler.recorder and blocks:
            scheduler.recorder.synchronised(scheduler, me, "acquire", lock, "blocks")
        deadline = scheduler.now + timeout if timeout >= 0 else None
        if not scheduler.wait(me, lock._free, lock.kind, lock, deadline):
            if scheduler.recorder:
                scheduler.recorder.synchronised(scheduler, me, "acquire", lock, "times out")
            return False
    else:
        _look(lock, scheduler, me)
        if lock.held:
            if scheduler.recorder:
                scheduler.recorder.synchronised(scheduler, me, "acquire", lock, "is held, goes on without")
            return False
    lock.held, lock.holder = True, me
    scheduler.changed(me)
    if scheduler.recorder:
        operation = "wake" if isinstance(lock, Waiter) else "acquire"
        scheduler.recorder.synchronised(scheduler, me, operation, lock, None)
    return True


def _give(lock: Lock, scheduler: Scheduler, me: Worker) -> None:
    if (scheduler.watch.tries or scheduler.steps) and not isinstance(lock, Waiter):
        scheduler.pause(me, ("release", lock))
    lock.held, lock.holder = False, None
    scheduler.changed(me)
    if scheduler.recorder:
        scheduler.recorder.synchronised(scheduler, me, "release", lock, None)


# Queues


class SimpleQueue(queue._PySimpleQueue):  # type: ignore[name-defined,misc]
    """A `queue.SimpleQueue`: the library's own in Python, which puts before it comes to a lock."""

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item into the queue; others may come first."""
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            scheduler.pause(me)
        super().put(item, block, timeout)


# Threads


class ThreadMethods:
    """Replacements for methods of `threading.Thread`: subclasses defined earlier are under control too."""

    real_start: Callable[[threading.Thread], None] = threading.Thread.start
    real_join: Callable[..., None] = threading.Thread.join
    real_is_alive: Callable[[threading.Thread], bool] = threading.Thread.is_alive

    @staticmethod
    def start(thread: Any) -> None:
        """Start a thread that takes part in the schedule."""
        scheduler, me = scheduled()
        if scheduler is None or me is None:
            ThreadMethods.real_start(thread)
            return
        if thread._started._flag:
            raise RuntimeError("threads can only be started once")
        if scheduler.steps:
            scheduler.pause(me, ("start", None))
        worker = scheduler.new_worker()
        worker.python_thread = thread
        worker.daemon = thread.daemon
        worker.background = me is scheduler.main
        thread._started._flag = True
        thread._mtlearn_worker = worker
        if scheduler.recorder:
            scheduler.recorder.synchronised(scheduler, me, "start", worker, None)
        scheduler.launch(worker, thread.run)
        scheduler.changed(me)  # no stop: until its next one this thread does nothing that the new one could see

    @staticmethod
    def join(thread: Any, timeout: float | None = None) -> None:
        """Wait for the end of a thread."""
        scheduler, me = scheduled()
        worker: Worker | None = thread.__dict__.get("_mtlearn_worker")
        if scheduler is None or me is None or worker is None or worker not in scheduler.threads:
            if worker is None:
                ThreadMethods.real_join(thread, timeout)
            return
        if worker is me:
            raise RuntimeError("cannot join current thread")
        deadline = None if timeout is None else scheduler.now + max(timeout, 0)
        scheduler.wait(me, worker.finished, "join", worker, deadline)
        if scheduler.recorder:
            note = None if worker.done else "times out"
            scheduler.recorder.synchronised(scheduler, me, "join", worker, note)

    @staticmethod
    def is_alive(thread: Any) -> bool:
        """Say whether a thread was started and has not ended."""
        worker: Worker | None = thread.__dict__.get("_mtlearn_worker")
        if worker is None:
            return ThreadMethods.real_is_alive(thread)
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            scheduler.pause(me)
        return not worker.done


# Time


def sleep(seconds: float) -> None:
    """Sleep on the virtual clock."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    scheduler, me = scheduled()
    if scheduler is None or me is None:
        if get_ident() != Control.home:  # a thread that was there before, and is none of the program's
            _real_sleep(seconds)
        return
    if scheduler.recorder and not scheduler.steps:
        scheduler.recorder.synchronised(scheduler, me, "sleep", seconds, None)
    scheduler.wait(me, _never, "sleep", seconds, scheduler.now + seconds, sleeping=True)
    if scheduler.recorder and scheduler.steps:
        scheduler.recorder.synchronised(scheduler, me, "sleep", seconds, None)


_real_sleep = time.sleep


def _never() -> bool:
    return False


def monotonic() -> float:
    """Give the virtual time in seconds."""
    return _now()


def wall_time() -> float:
    """Give the virtual time in seconds since 1970, as if every run began at the same moment."""
    return 1_700_000_000.0 + _now()


def monotonic_ns() -> int:
    """Give the virtual time in nanoseconds."""
    return int(_now() * 1e9)


def wall_time_ns() -> int:
    """Give the virtual time in nanoseconds since 1970."""
    return int(wall_time() * 1e9)


def _now() -> float:
    scheduler, me = scheduled()
    if scheduler is None:
        return Control.last_time
    return scheduler.read_clock(me)
