"""The files and folders that a run has made: they are removed before the next, which begins as the first one did."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from mtlearn.interleave.python.control import Control

made: dict[str, None] = {}  # their paths, in the order in which they were made


def remove() -> None:
    """Remove what was made. What was there before is left as it is now."""
    while made:
        path, _ = made.popitem()
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                os.unlink(path)


def making(real: Callable[..., Any], which: int = 0) -> Callable[..., Any]:
    """Give a function that notes what it makes: the path is the argument of that number."""

    @wraps(real)
    def make(*arguments: Any, **named: Any) -> Any:
        if len(arguments) > which:
            note(arguments[which])
        return real(*arguments, **named)

    return make


def note(path: Any) -> None:
    """Note a path where nothing is yet. What `tempfile` makes has a new name each time, and removes itself."""
    if Control.scheduler is None or not isinstance(path, str | bytes | os.PathLike):
        return
    caller = sys._getframe(1)
    while caller.f_globals.get("__name__", "").startswith("mtlearn.interleave.") and caller.f_back is not None:
        caller = caller.f_back
    if caller.f_globals.get("__name__") != "tempfile":
        found = os.path.abspath(os.fsdecode(path))
        if not os.path.lexists(found):
            made[found] = None


def open_descriptor(path: Any, flags: int, *rest: Any, **named: Any) -> int:
    """Stand in for `os.open`."""
    if flags & os.O_CREAT:
        note(path)
    return _real_open(path, flags, *rest, **named)


_real_open = os.open
MODELS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    *((os, name, making(getattr(os, name))) for name in ("mkdir", "mkfifo") if hasattr(os, name)),
    *((os, name, making(getattr(os, name), 1)) for name in ("rename", "replace", "link", "symlink")),
)
