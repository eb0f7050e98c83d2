"""In the subject's process: a program that asks whether it is watched sees what it would see elsewhere, or is noted.

The explorer traces, and a file that behaves while it is traced would be explored as what it is not. What can be shown
as in plain Python is: the trace function, the tools of `sys.monitoring`, and the list of modules. Who asks for what
cannot, such as all objects there are, is noted with the line that asks (`python_asking` sees more of that).
"""

from __future__ import annotations

import functools
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sys import _getframe
from types import ModuleType
from typing import Any

OURS = "mtlearn"  # so begin the names of the modules that watch, and of the tool

asked: list[tuple[int, str]] = []  # the lines that asked, and for what
hidden: dict[str, ModuleType] = {}  # mtlearn's own modules, which are not in the list of modules


class Unseen(threading.Thread):
    """A thread of mtlearn's own, which is in no list of threads."""


def hide_threads() -> None:
    """Leave them out of these lists. Before the explorer is imported: it has models of these functions."""
    real = threading.enumerate

    def enumerate() -> list[threading.Thread]:
        return [thread for thread in real() if type(thread) is not Unseen]

    def active_count() -> int:
        return len(enumerate())

    threading.enumerate, threading.active_count = enumerate, active_count
    enumerate.__module__ = active_count.__module__ = threading.__name__


def install(file: str) -> None:
    """From now on, for the learner's file."""
    sys.gettrace = _hiding(sys.gettrace, _is_ours, None)
    if sys.version_info >= (3, 12):
        tools = sys.monitoring
        real = tools.get_tool
        tools.get_tool = _hiding(real, lambda name: name == OURS, None)  # type: ignore[assignment]
        tools.get_events = _unless_ours(tools.get_events, real)  # type: ignore[assignment]
        tools.get_local_events = _unless_ours(tools.get_local_events, real)  # type: ignore[assignment]
    sys._current_frames = _noting(sys._current_frames, file)
    for name in ("get_objects", "get_referrers"):
        setattr(gc, name, _noting(getattr(gc, name), file))
    hide()


def hide() -> None:
    """Take mtlearn's modules out of the list: who imports one gets another of the same text, which does nothing."""
    hidden.update({name: sys.modules.pop(name) for name in _ours_in(sys.modules)})


@contextmanager
def shown() -> Iterator[None]:
    """Have them back in the list, to import what imports them, as Python itself finds it."""
    others = {name: sys.modules.pop(name) for name in _ours_in(sys.modules)}  # that the learner's file has imported
    finders = [each[:] for each in _finders()]
    sys.modules.update(hidden)
    _find_by(_FINDERS)
    try:
        yield
    finally:
        _find_by(finders)
        hide()
        sys.modules.update(others)


def _finders() -> tuple[list[Any], list[Any]]:
    return sys.meta_path, sys.path_hooks


def _find_by(finders: list[list[Any]]) -> None:
    for kept, now in zip(_finders(), finders, strict=True):
        kept[:] = now


_FINDERS = [each[:] for each in _finders()]


def _ours_in(modules: dict[str, ModuleType]) -> list[str]:
    return [name for name in list(modules) if name.partition(".")[0] == OURS]


def _is_ours(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith(OURS)


def _hiding(real: Callable[..., Any], ours: Callable[[Any], bool], instead: Any) -> Callable[..., Any]:
    """Give what the function gives, unless that is ours."""

    @functools.wraps(real)
    def shown(*arguments: Any) -> Any:
        found = real(*arguments)
        return instead if ours(found) else found

    return shown


def _unless_ours(real: Callable[..., int], tool_name: Callable[[int], str | None]) -> Callable[..., int]:
    """The events that a tool has asked for; of ours, none."""

    @functools.wraps(real)
    def shown(tool: int, *code: Any) -> int:
        return 0 if tool_name(tool) == OURS else real(tool, *code)

    return shown


def _noting(real: Callable[..., Any], file: str) -> Callable[..., Any]:
    """Do what the function does, and note when the learner's file itself calls it."""

    @functools.wraps(real)
    def noting(*arguments: Any, **named: Any) -> Any:
        caller = _getframe(1)
        if caller.f_code.co_filename == file:
            asked.append((caller.f_lineno, f"{real.__module__}.{real.__name__}"))
        return real(*arguments, **named)

    return noting
