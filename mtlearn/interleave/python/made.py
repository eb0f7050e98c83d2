"""The files and folders that a run has made: they are removed before the next, which begins as the first one did.

A run that moves or removes what was there before is left as it ended: what it has made may hold what somebody needs.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ClassVar

from mtlearn.interleave.python.control import Control


class Made:
    """What the run that goes on has done to files."""

    paths: ClassVar[dict[str, bool]] = {}  # made, in that order; whether they are removed
    is_kept: ClassVar[bool] = False  # what was there before was moved or removed


def remove() -> None:
    """Remove what was made. What was there before is left as it is now."""
    if Made.is_kept:
        Made.paths.clear()
    Made.is_kept = False
    while Made.paths:
        path, is_removed = Made.paths.popitem()
        if not is_removed:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                os.unlink(path)


def note(path: Any) -> None:
    """Note a path where nothing is yet. What `tempfile` makes has a new name each time, and removes itself."""
    if Control.scheduler is None or not isinstance(path, str | bytes | os.PathLike):
        return
    caller = sys._getframe(1)
    while caller.f_globals.get("__name__", "").startswith("mtlearn.interleave.") and caller.f_back is not None:
        caller = caller.f_back
    found = _absolute(path)
    if not os.path.lexists(found):
        Made.paths[found] = caller.f_globals.get("__name__") != "tempfile"


def _absolute(path: Any, folder: int | None = None) -> str:
    """Give the path from the root; that of an open folder is known on Linux alone, and an OSError elsewhere."""
    start = os.getcwd() if folder is None else os.readlink(f"/proc/self/fd/{folder}")
    return os.path.abspath(os.path.join(start, os.fsdecode(path)))


def _takes(path: Any, folder: int | None = None) -> bool:
    """Say whether it was there before the run."""
    try:
        found = _absolute(path, folder)
    except OSError:
        return True
    return os.path.lexists(found) and not any(found == made or found.startswith(made + os.sep) for made in Made.paths)


def _making(real: Callable[..., Any], which: int) -> Callable[..., Any]:
    @wraps(real)
    def make(*arguments: Any, **named: Any) -> Any:
        if len(arguments) > which:
            note(arguments[which])
        return real(*arguments, **named)

    return make


def _taking(real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def take(path: Any, *arguments: Any, **named: Any) -> Any:
        if Control.scheduler is not None and not Made.is_kept:
            Made.is_kept = _takes(path, named.get("dir_fd", named.get("src_dir_fd")))
        return real(path, *arguments, **named)

    return take


def open_descriptor(path: Any, flags: int, *rest: Any, **named: Any) -> int:
    """Stand in for `os.open`."""
    if flags & os.O_CREAT:
        note(path)
    return _real_open(path, flags, *rest, **named)


_real_open = os.open
MODELS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    *((os, name, _making(getattr(os, name), 0)) for name in ("mkdir", "mkfifo") if hasattr(os, name)),
    *((os, name, _making(getattr(os, name), 1)) for name in ("link", "symlink")),
    *((os, name, _making(_taking(getattr(os, name)), 1)) for name in ("rename", "replace")),
    *((os, name, _taking(getattr(os, name))) for name in ("unlink", "remove", "rmdir")),
)
