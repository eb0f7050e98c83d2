"""Models of what threads synchronise with: Lock, RLock, starting and joining a thread.

The library's Condition, Event, Semaphore, Barrier, Queue and ThreadPoolExecutor run unmodified on top.
Outside a run, or in a thread that is not under control, a lock is a plain flag that never blocks.
"""

from __future__ import annotations

import _thread
import queue
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any

from mtlearn.interleave.executor import Location
from mtlearn.interleave.python.chance import number
from mtlearn.interleave.python.control import scheduled
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.trace import Event

TIMEOUT_MAX = threading.TIMEOUT_MAX


class Mutex:
    """What a `threading.Lock` and an RLock have in common: the type of one is no subclass of the other's."""

    kind = "lock"

    def __init__(self) -> None:
        self.holder: Worker | None = None
        self.held = False
        self.location = location_of("lock")

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
            scheduler.footprints.touch(self.location, "reads")
        return self.held

    # What threading.Condition asks a lock for
    def _is_owned(self) -> bool:
        _looked_at(self)
        return self.held

    def _at_fork_reinit(self) -> None:
        self.held, self.holder = False, None

    __hash__ = number

    def __repr__(self) -> str:
        return f"<{'locked' if self.held else 'unlocked'} _thread.lock object at {id(self):#x}>"

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    acquire_lock, release_lock, locked_lock = acquire, release, locked


class Lock(Mutex):
    """A `threading.Lock`."""


class RLock(Mutex):
    """A `threading.RLock`."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire the lock once more, or for the first time as `Lock.acquire` does."""
        _check_arguments(blocking, timeout)
        scheduler, me = scheduled()
        if self.held and self._is_mine():
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
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self.count -= 1
        if self.count == 0:
            if scheduler is None or me is None:
                self.held, self.holder = False, None
            else:
                _give(self, scheduler, me)

    def _is_owned(self) -> bool:
        _looked_at(self)
        return self._is_mine()

    def _is_mine(self) -> bool:
        _, me = scheduled()
        if self.holder is None or me is None:
            return self.held and self.holder is me
        return self.held and self.holder.host is me.host  # tasks share their loop's thread

    def __repr__(self) -> str:
        owner = self.holder.ident if self.holder else 0
        how = "locked" if self.held else "unlocked"
        return f"<{how} _thread.RLock object owner={owner} count={self.count} at {id(self):#x}>"

    def _release_save(self) -> int:
        count, self.count = self.count, 1
        self.release()
        return count

    def _acquire_restore(self, count: int) -> None:
        self.acquire()
        self.count = count

    __enter__ = acquire


def allocate_lock() -> Lock:
    """Make a lock: what `threading.Lock` is before Python 3.13, where it is no type."""
    return Lock()


def reentrant_lock() -> RLock:
    """Make a lock that its holder can take again: `threading.RLock` is no type."""
    return RLock()


# A program that asks for the type of its lock gets the name that it has where nobody explores.
for _model, _real in ((Lock, _thread.LockType), (RLock, _thread.RLock)):
    _model.__name__, _model.__qualname__, _model.__module__ = _real.__name__, _real.__qualname__, _real.__module__


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


def _look(lock: Mutex, scheduler: Scheduler, me: Worker, operation: str = "acquire") -> None:
    """Stop before an operation that sees whether a lock is held; releases are points from now on."""
    _tries(lock, scheduler)
    scheduler.pause(me, (operation, lock))


def _looked_at(lock: Mutex) -> None:
    scheduler, me = scheduled()
    if scheduler is not None and lock.holder is not me:
        scheduler.footprints.touch(lock.location, "reads")


def location_of(kind: str) -> Location:
    """Name something that is being made, after the thread that makes it; outside a run, for all runs."""
    scheduler, me = scheduled()
    if scheduler is None:
        return (kind, -1, next(_made))
    return (kind, *scheduler.footprints.number(me.index if me is not None else -2))


_made = count()


def _tries(lock: Mutex, scheduler: Scheduler) -> None:
    if not scheduler.watch.tries and not isinstance(lock, Waiter):
        scheduler.watch.tries = scheduler.grown = True


def _take(lock: Mutex, scheduler: Scheduler, me: Worker, blocking: bool, timeout: float) -> bool:
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
        scheduler.footprints.touch(lock.location, "awaits" if isinstance(lock, Waiter) else "takes")
    else:
        _look(lock, scheduler, me)
        scheduler.footprints.touch(lock.location, "reads" if lock.held else "writes")
        if lock.held:
            if scheduler.recorder:
                scheduler.recorder.synchronised(scheduler, me, "acquire", lock, "fails")
            return False
    lock.held, lock.holder = True, me
    scheduler.changed(me)
    if scheduler.recorder:
        operation = "wake" if isinstance(lock, Waiter) else "acquire"
        scheduler.recorder.synchronised(scheduler, me, operation, lock)
    return True


def _give(lock: Mutex, scheduler: Scheduler, me: Worker) -> None:
    if (scheduler.watch.tries or scheduler.steps) and not isinstance(lock, Waiter):
        scheduler.pause(me, ("release", lock))
    lock.held, lock.holder = False, None
    scheduler.footprints.touch(lock.location, "frees")
    scheduler.changed(me)
    if scheduler.recorder:
        scheduler.recorder.synchronised(scheduler, me, "release", lock)


# Queues


class SimpleQueue(queue._PySimpleQueue):  # type: ignore[name-defined,misc]
    """A `queue.SimpleQueue`: the library's own in Python, which puts before it comes to a lock, and gets behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.location = location_of("queue")

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Get an item from the queue."""
        scheduler, _ = scheduled()
        item = super().get(block, timeout)
        if scheduler is not None:
            scheduler.footprints.touch(self.location, "writes")
        return item

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item into the queue; others may come first."""
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            scheduler.pause(me, ("put", self))
            scheduler.footprints.touch(self.location, "writes")
        super().put(item, block, timeout)

    def empty(self) -> bool:
        """Say whether there is no item now."""
        scheduler, _ = scheduled()
        if scheduler is not None:
            scheduler.footprints.touch(self.location, "reads")
        return bool(super().empty())

    def qsize(self) -> int:
        """Give the number of items now."""
        self.empty()
        return int(super().qsize())


# Threads


class ThreadMethods:
    """Replacements for methods of `threading.Thread`: subclasses defined earlier are under control too."""

    real_start: Callable[[threading.Thread], None] = threading.Thread.start
    real_join: Callable[..., None] = threading.Thread.join
    real_is_alive: Callable[[threading.Thread], bool] = threading.Thread.is_alive
    usual_hooks: tuple[Callable[..., Any], ...] = (threading.excepthook,)  # of who explores, a test runner for example

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
        scheduler.shared.roots.append(thread)
        worker.daemon = thread.daemon
        worker.background = me is scheduler.main
        thread._started._flag = True
        thread._mtlearn_worker = worker
        if scheduler.recorder:
            scheduler.recorder.synchronised(scheduler, me, "start", worker)
        scheduler.footprints.starts(me.index, worker.index, getattr(thread, "_target", None))
        scheduler.launch(worker, partial(_run, thread))
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
        scheduler.footprints.touch(("ended", worker.index), "awaits")
        if scheduler.recorder:
            event: Event | None = None if worker.done else "times out"
            scheduler.recorder.synchronised(scheduler, me, "join", worker, event)

    @staticmethod
    def is_alive(thread: Any) -> bool:
        """Say whether a thread was started and has not ended."""
        worker: Worker | None = thread.__dict__.get("_mtlearn_worker")
        if worker is None:
            return ThreadMethods.real_is_alive(thread)
        scheduler, me = scheduled()
        if scheduler is not None and me is not None:
            scheduler.pause(me, ("look", worker))
            scheduler.footprints.touch(("ended", worker.index), "reads")
        return not worker.done


def _run(thread: threading.Thread) -> None:
    """Run a thread; an exception that ends it goes to the program's own `threading.excepthook`, where it has one."""
    try:
        thread.run()
    except Exception as error:
        if threading.excepthook in (*ThreadMethods.usual_hooks, threading.__excepthook__):
            raise
        threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, thread)))


def all_threads() -> list[threading.Thread]:
    """Give the threads that have been started and have not ended: those of the program, and the main thread."""
    scheduler, me = scheduled()
    if scheduler is None or me is None:
        return _real_enumerate()
    scheduler.pause(me)
    own = [worker.python_thread for worker in scheduler.threads if not worker.done and worker.python_thread is not None]
    return [threading.main_thread(), *own]


_real_enumerate = threading.enumerate
