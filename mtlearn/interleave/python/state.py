"""What the shared state holds, for the learner's eyes: plain values, who holds a lock, what is in a queue."""

from __future__ import annotations

import queue
import sys
import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from mtlearn.interleave.python.places import attribute, members, short
from mtlearn.interleave.python.primitives import Lock

DEPTH, MOST = 4, 16
_CONTAINERS = (list, tuple, dict, deque, SimpleNamespace)  # of the library, the only ones to look into


def holdings(state: Any, name: str) -> Iterator[tuple[str, str]]:
    """Give (place, value) pairs, named as the program names them; runs none of the learner's code."""
    return islice(_held(state, name, DEPTH, set()), MOST)


def _held(value: Any, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, str]]:
    if depth == 0 or id(value) in seen or isinstance(value, type | FunctionType | MethodType | ModuleType):
        return
    told = _told(value)
    if told is not None:
        yield path, told
        return
    if isinstance(value, _CONTAINERS) or not _is_of_library(type(value)):
        seen.add(id(value))
        yield from _members(value, path, depth, seen)


def _members(value: Any, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, str]]:
    for place, held in members(value, path):
        yield from _held(held, place, depth - 1, seen)


def _told(value: Any) -> str | None:
    if isinstance(value, Lock):
        return _lock(value)
    if isinstance(value, threading.Condition):
        waiting = len(attribute(value, "_waiters"))
        return _lock(value._lock) + (f", {waiting} waiting" if waiting else "")  # type: ignore[attr-defined]
    if isinstance(value, threading.Event):
        return "set" if attribute(value, "_flag") else "not set"
    if isinstance(value, threading.Semaphore):
        return short(attribute(value, "_value"))
    if isinstance(value, threading.Barrier):
        return f"{attribute(value, '_count')} of {attribute(value, '_parties')} are there"
    if isinstance(value, queue.Queue):
        return short(list(value.queue)) or f"{len(value.queue)} items"
    return short(value)


def _is_of_library(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in sys.stdlib_module_names


def _lock(lock: Any) -> str:
    if not lock.held:
        return "free"
    return f"held by {lock.holder.name}" if lock.holder else "held"
