"""What the shared state holds, for the learner's eyes: plain values, who holds a lock, what is in a queue."""

from __future__ import annotations

import queue
import sys
import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice
from types import FrameType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from mtlearn.interleave.python.locations import attribute, members, short, variables
from mtlearn.interleave.python.primitives import Mutex

DEPTH, MOST = 4, 16
_CONTAINERS = (list, tuple, dict, deque, SimpleNamespace)  # of the library, the only ones to look into


def holdings(state: Any, name: str) -> Iterator[tuple[str, str]]:
    """Give (location, value) pairs, named as the program names them; runs none of the learner's code."""
    return islice(_held(state, name, DEPTH, set()), MOST)


def local(frame: FrameType | None) -> tuple[tuple[str, str], ...]:
    """Give (name, value) pairs of the variables of a function that hold plain values."""
    if frame is None or frame.f_code.co_name == "<module>":
        return ()
    told = ((name, short(value)) for name, value in variables(frame).items() if name.isidentifier())
    return tuple(islice(((name, value) for name, value in told if value is not None), MOST))


def _held(value: Any, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, str]]:
    cls = type(value)
    if depth == 0 or id(value) in seen or issubclass(cls, type | FunctionType | MethodType | ModuleType):
        return
    try:
        told = _told(value, cls)
    except (AttributeError, TypeError):  # something of the library that is not made yet
        return
    if told is not None:
        yield path, told
    elif cls in _CONTAINERS or cls.__module__.partition(".")[0] not in sys.stdlib_module_names:
        seen.add(id(value))
        for location, held in members(value, path):
            yield from _held(held, location, depth - 1, seen)


def _told(value: Any, cls: type) -> str | None:
    if issubclass(cls, Mutex):
        return _lock(value)
    if issubclass(cls, threading.Condition):
        waiting = len(attribute(value, "_waiters"))
        return _lock(attribute(value, "_lock")) + (f", {waiting} waiting" if waiting else "")
    if issubclass(cls, threading.Event):
        return "set" if attribute(value, "_flag") else "not set"
    if issubclass(cls, threading.Semaphore):
        return short(attribute(value, "_value"))
    if issubclass(cls, threading.Barrier):
        return f"{attribute(value, '_count')} of {attribute(value, '_parties')} are there"
    if issubclass(cls, queue.Queue):
        items = attribute(value, "queue")
        return short(list(items)) or f"{len(items)} items"
    return short(value)


def _lock(lock: Any) -> str:
    if not lock.held:
        return "free"
    return f"held by {lock.holder.name}" if lock.holder else "held"
