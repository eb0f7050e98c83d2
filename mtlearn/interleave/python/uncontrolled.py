"""What ends a run, because its order cannot be chosen: other processes, signals, trace functions, standard input.

Other machines are told in `outside`.
"""

from __future__ import annotations

import multiprocessing.process
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from types import FrameType
from typing import Any

from mtlearn.interleave.python.control import scheduled
from mtlearn.interleave.python.scheduler import Scheduler


def uncontrolled(
    what: str, meant: Callable[..., bool] = lambda *_, **_named: True, *, by_set_up: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make of a function one that ends the run when a thread (or set-up) calls it with what is meant."""

    def replace(real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def stand_in(*arguments: Any, **named: Any) -> Any:
            scheduler, me = scheduled()
            if scheduler is None or me is None or (me is scheduler.main and not by_set_up):
                return real(*arguments, **named)
            if not meant(*arguments, **named):
                return real(*arguments, **named)
            scheduler.stop("uncontrolled", reason=f"it {what}, which cannot be scheduled{in_line(scheduler)}")
            scheduler.hand_back(me)
            raise AssertionError("unreachable")

        return stand_in

    return replace


def in_line(scheduler: Scheduler) -> str:
    """Say which line of the program's own code has called; nothing where none has."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and not scheduler.watch.stepped(frame.f_code, frame.f_globals):
        frame = frame.f_back
    return f" (line {frame.f_lineno})" if frame is not None else ""


_ENDS = (
    (os, "fork", "forks the process"),
    (os, "forkpty", "forks the process"),
    (os, "posix_spawn", "starts a process"),
    (os, "system", "starts a process"),
    (subprocess.Popen, "__init__", "starts a process"),
    (multiprocessing.process.BaseProcess, "start", "starts a process"),
    (signal, "signal", "handles signals"),
    (signal, "raise_signal", "raises signals"),
    (signal, "setitimer", "sets a timer signal"),
    (signal, "alarm", "sets a timer signal"),
    (os, "kill", "sends signals"),
    (os, "killpg", "sends signals"),
    (sys, "settrace", "sets a trace function"),
    (threading, "settrace", "sets a trace function"),
)


def models() -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """Give what stands in for what the interpreter has of these now."""
    for owner, name, what in _ENDS:
        if name in vars(owner):
            yield owner, name, uncontrolled(what)(vars(owner)[name])
