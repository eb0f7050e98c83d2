"""Standard input: what comes there comes from outside, and comes once. A program that reads it could not be checked."""

from __future__ import annotations

import builtins
import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from mtlearn.interleave.python.uncontrolled import uncontrolled

_FILES = ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "/dev/tty", "/dev/console")


def is_meant(file: Any = None, *_: Any, **_named: Any) -> bool:
    """Say whether a file, given by its number or its name, is standard input or a terminal."""
    if isinstance(file, int):
        return file == 0
    return isinstance(file, str | os.PathLike) and os.fspath(file) in _FILES


where_meant = uncontrolled("reads standard input", is_meant, by_set_up=True)


class _Input(io.RawIOBase):
    """Stands in for the file of `sys.stdin`: nothing is read during a run."""

    name = "<stdin>"

    def __init__(self, real: Any) -> None:
        self.real = real

    def fileno(self) -> int:
        return 0

    def isatty(self) -> bool:
        return self.real is not None and bool(self.real.isatty())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = _read_some(self.real, len(buffer))
        buffer[: len(data)] = data
        return len(data)


@uncontrolled("reads standard input", by_set_up=True)
def _read_some(real: Any, size: int) -> bytes:
    return real.buffer.read1(size) if real is not None else b""


def _is_real(file: Any) -> bool:
    """Say whether it is what Python was started with, or nothing, and not what somebody has put in its place."""
    try:
        return file is None or file.fileno() == 0
    except (AttributeError, OSError, ValueError):
        return False


def models() -> Iterator[tuple[Any, str, Any]]:
    """Give what stands in for `sys.stdin` and `input`."""
    if not _is_real(sys.stdin):
        return
    encoding, errors = (getattr(sys.stdin, name, None) for name in ("encoding", "errors"))
    stand_in = io.TextIOWrapper(io.BufferedReader(_Input(sys.stdin)), encoding, errors)
    for name in ("stdin", "__stdin__"):
        if _is_real(getattr(sys, name)):
            yield sys, name, stand_in

    def asks_it(*_: Any) -> bool:
        return sys.stdin is stand_in

    ask: Callable[..., str] = builtins.input
    yield builtins, "input", uncontrolled("reads standard input", asks_it, by_set_up=True)(ask)
