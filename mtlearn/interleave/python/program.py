"""What one run needs of the program that is run again and again; the executor is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

from mtlearn.interleave.python.tracing import Tracer
from mtlearn.interleave.python.watch import Watch


class Program(Protocol):
    """A program: how it begins, its threads, what is seen in the end; and what stays from run to run.

    left   the names of threads that could not be ended
    spent  whether one of them keeps a processor busy, so that no other run will do
    """

    setup: Callable[[], Any]
    targets: list[Callable[[Any], Any]]
    observe: Callable[[Any], Any]
    modules: list[ModuleType]
    watch: Watch
    tracer: Tracer
    left: list[str]
    spent: bool

    def state_name(self, state: Any) -> str:
        """Name the state as the given callables do."""

    def python_thread(self, index: int) -> threading.Thread:
        """Give the `threading.Thread` that a given thread finds itself to be."""
