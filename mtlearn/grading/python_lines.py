"""In the subject's process: where the learner's code stands, what it raised, and whether it still gets on."""

from __future__ import annotations

import contextlib
import gc
import linecache
from collections import deque
from itertools import islice
from types import CoroutineType, FrameType
from typing import Any

LONGEST_TEXT = 500  # characters of an exception's text
LONGEST_LINE = 200  # characters of a line of the file
MOST_TICKS = 160  # that may be added to what a scenario may take while what it shares changes
MOST_VALUES = 200  # values that are looked at for that
MOST_COROUTINES = 3


def where(frame: FrameType | None, file: str) -> dict[str, Any] | None:
    """The innermost line of the learner's file on a stack."""
    while frame is not None:
        if frame.f_code.co_filename == file:
            return line_of(file, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return None


def awaiting(file: str) -> list[dict[str, Any]]:
    """The coroutines of the learner's file that await something which is none of these."""
    suspended = [
        each
        for each in gc.get_objects()
        if type(each) is CoroutineType and each.cr_code.co_filename == file and each.cr_suspended
    ]
    mine = set(map(id, suspended))
    lines = [
        {"name": each.__qualname__, **line_of(file, frame.f_lineno, each.__name__)}
        for each in suspended
        if id(each.cr_await) not in mine and (frame := each.cr_frame)
    ]
    different = {line["line"]: line for line in lines}
    return [different[number] for number in sorted(different)[:MOST_COROUTINES]]


def describe(error: BaseException, file: str) -> dict[str, Any]:
    """An exception as evidence: type, message, and the line of the learner's file it came from."""
    told: dict[str, Any] = {
        "type": type(error).__name__[:LONGEST_LINE],
        "message": _text(error),
        "unwritten": isinstance(error, NotImplementedError),
    }
    if isinstance(error, SyntaxError) and error.filename == file:
        return {**told, "message": str(error.msg)[:LONGEST_TEXT], **line_of(file, error.lineno or 1, "")}
    frame, last = error.__traceback__, None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == file:
            last = frame
        frame = frame.tb_next
    if last is not None:
        told.update(line_of(file, last.tb_lineno, last.tb_frame.f_code.co_name))
    return told


def _text(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return str(error)[:LONGEST_TEXT]
    return "(its text cannot be read)"


def line_of(file: str, line: int, function: str) -> dict[str, Any]:
    """A line of the file as evidence."""
    return {"line": line, "source": linecache.getline(file, line).strip()[:LONGEST_LINE], "function": function}


class Progress:
    """Whether what the threads of a scenario share has changed since somebody last looked, MOST_TICKS times at most.

    It runs none of the learner's code, and looks only at plain values.
    """

    def __init__(self) -> None:
        self.state: Any = None  # once there is one
        self.seen = False
        self._last: list[Any] = []
        self._left = MOST_TICKS

    def moves(self) -> bool:
        """Look again."""
        held = list(islice(_values(self.state), MOST_VALUES))
        changed = bool(self._last) and held != self._last
        self._last = held
        self._left -= 1
        self.seen = changed
        return changed and self._left > 0


def _values(root: Any) -> Any:
    """The plain values that can be reached from an object, and the lengths of its containers."""
    todo: deque[tuple[Any, int]] = deque([(root, 4)])
    seen: set[int] = set()
    while todo:
        value, depth = todo.popleft()
        kind = type(value)
        if kind in (int, float, bool, str):
            yield value
            continue
        if depth == 0 or id(value) in seen:
            continue
        seen.add(id(value))
        held: list[Any] = []
        if kind in (list, tuple, deque):
            yield len(value)
            with contextlib.suppress(RuntimeError):  # another thread changes it
                held = list(islice(value, 20))
        elif kind is dict:
            yield len(value)
            with contextlib.suppress(RuntimeError):
                held = list(islice(value.values(), 20))
        else:
            with contextlib.suppress(AttributeError, RuntimeError):
                own = object.__getattribute__(value, "__dict__")
                held = list(own.values())[:20] if type(own) is dict else []
        todo.extend((each, depth - 1) for each in held)
