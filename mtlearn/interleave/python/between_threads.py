"""The primitives of `multiprocessing`, used between threads: there they do what those of `threading` do.

A program that starts a process with them is not put in an order at all, so nothing is lost by it.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection as connection
import multiprocessing.context
import queue
import threading
from collections.abc import Callable
from typing import Any

from mtlearn.interleave.python import outside, primitives, thread_pools


class Queue(queue.Queue):  # type: ignore[type-arg]
    """A `multiprocessing.Queue`, or JoinableQueue."""

    def close(self) -> None:
        """Nothing: no pipe is open."""

    def join_thread(self) -> None:
        """Nothing: no thread feeds a pipe."""

    def cancel_join_thread(self) -> None:
        """Nothing: no thread feeds a pipe."""


class SimpleQueue:
    """A `multiprocessing.SimpleQueue`."""

    _reader = None

    def __init__(self) -> None:
        self.items = primitives.SimpleQueue()

    def put(self, item: Any) -> None:
        """Put an item into the queue."""
        self.items.put(item)

    def get(self) -> Any:
        """Take an item out of the queue; waits for one."""
        return self.items.get()

    def empty(self) -> bool:
        """Say whether there is none."""
        return bool(self.items.empty())

    def close(self) -> None:
        """Nothing: no pipe is open."""


_MADE: dict[str, Callable[..., Any]] = {
    "Lock": primitives.Lock,
    "RLock": primitives.RLock,
    "Semaphore": threading.Semaphore,
    "BoundedSemaphore": threading.BoundedSemaphore,
    "Condition": threading.Condition,
    "Event": threading.Event,
    "Barrier": threading.Barrier,
    "Queue": Queue,
    "JoinableQueue": Queue,
    "SimpleQueue": SimpleQueue,
}


def _method(made: Callable[..., Any]) -> Callable[..., Any]:
    def make(_context: Any, *arguments: Any, **named: Any) -> Any:
        return made(*arguments, **named)

    return make


MODELS: tuple[tuple[Any, str, Any], ...] = (
    *((multiprocessing, name, made) for name, made in _MADE.items()),
    *((multiprocessing.context.BaseContext, name, _method(made)) for name, made in _MADE.items()),
    *thread_pools.MODELS,
)
FILES = ((connection.Connection._recv, (outside.read,)), (connection.Connection._send, (outside.write,)))  # type: ignore[attr-defined]
