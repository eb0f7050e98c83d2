"""Real threads that carry one worker after another: starting a thread anew costs more than most runs do.

A carrier waits on a lock until its next worker is first given the baton, so that launching a worker wakes nobody.
Between workers it drops what a thread that ends drops: its `threading.local` values and its context. Within one
run no carrier is used twice, so that no two threads of a program share an ident.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import weakref
from _thread import LockType, allocate_lock, get_ident, get_native_id, start_new_thread  # the real ones, not replaced
from _thread import _local as local
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from sys import settrace  # a program that calls it by its name is stopped
from typing import Any

END_S = 1.0  # wall-clock time a carrier gets to end

_thread_values = ctypes.pythonapi.PyThreadState_GetDict
_thread_values.restype = ctypes.c_void_p  # a borrowed reference: as a py_object it would be dropped once too often


class Carrier:
    """One real thread. It runs `job` once each time `go` is released; it ends when there is none."""

    __slots__ = ("ended", "go", "ident", "job", "native", "spent")

    def __init__(self) -> None:
        self.go: LockType = _taken()
        self.ended: LockType = _taken()
        self.job: Callable[[], None] | None = None
        self.spent = False  # something was left in it that nobody can clean up
        born = _taken()
        self.ident = self.native = 0  # what Python calls it, and the system
        start_new_thread(self._live, (born,))
        born.acquire()

    def _live(self, born: LockType) -> None:
        self.ident, self.native = get_ident(), get_native_id()
        forget = _forgetter()
        self.spent = forget is None  # then it serves once
        born.release()
        while True:
            self.go.acquire()
            job, self.job = self.job, None
            if job is None:
                break
            try:
                Context().run(job)
            finally:
                settrace(None)
                job = None
                if forget is not None:
                    forget()
                self._say_ended()
        self._say_ended()

    def _say_ended(self) -> None:
        with suppress(RuntimeError):  # said before, by a thread that swallowed every exception
            self.ended.release()

    def end(self) -> None:
        """Tell the thread to end; a spent one will when it comes back."""
        self.job = None
        self.go.release()


class Carriers:
    """The carriers of one executor, handed out in the same order in every run."""

    def __init__(self) -> None:
        self.kept: list[Carrier] = []
        self.used = 0
        self.cores: set[int] = set()

    def open(self) -> None:
        """Stay on one core, where it can be asked for: only one thread runs, and a switch costs half as much there."""
        if sys.platform == "linux":
            with suppress(OSError, AttributeError):
                here = ctypes.CDLL(None).sched_getcpu()
                self.cores = os.sched_getaffinity(0)
                os.sched_setaffinity(0, {here})

    def take(self) -> Carrier:
        """Give a carrier that this run has not used yet."""
        if self.used == len(self.kept):
            self.kept.append(Carrier())
        self.used += 1
        return self.kept[self.used - 1]

    def reuse(self) -> None:
        """Begin another run: all but the spent may be taken again."""
        self.used = 0
        if any(carrier.spent for carrier in self.kept):
            self.kept, kept = [], self.kept
            for carrier in kept:
                carrier.end() if carrier.spent else self.kept.append(carrier)

    def close(self) -> None:
        """End them all, and go to any core again."""
        self.reuse()
        for carrier in self.kept:
            carrier.end()
        for carrier in self.kept:
            carrier.ended.acquire(timeout=END_S)
        self.kept.clear()
        if self.cores:
            os.sched_setaffinity(0, self.cores)


def _forgetter() -> Callable[[], None] | None:
    """Give what drops the calling thread's `threading.local` values; None where this Python is not understood.

    Up to 3.12 CPython keeps them in the thread's dict. Since 3.13 each local holds, by a weak reference, on to a
    sentinel of the thread; what its callback does when the thread dies is done here without that.
    """
    probe: Any = local()
    probe.here = True
    values: dict[Any, Any] = ctypes.cast(_thread_values(), ctypes.py_object).value
    if any(type(value).__name__ == "_localdummy" for value in values.values()):
        return values.clear
    sentinels = [ref() for part in gc.get_referents(probe) if type(part) is set for ref in part]
    if len(sentinels) != 1 or not weakref.getweakrefcount(sentinels[0]):
        return None
    sentinel = sentinels[0]
    kept = set(map(id, weakref.getweakrefs(sentinel)))

    def forget() -> None:
        assert probe.here
        values.clear()
        for ref in weakref.getweakrefs(sentinel):
            if id(ref) not in kept and ref.__callback__ is not None:
                ref.__callback__(ref)

    return forget


def _taken() -> LockType:
    lock = allocate_lock()
    lock.acquire()
    return lock
