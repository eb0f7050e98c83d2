"""In the process that makes some runs again: who asks for what only tells whether it is watched is noted.

Python's audit events tell of it however the name was come by. They cost too much for the thousands of runs of an
exploration, and nothing for a few.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from _thread import get_ident
from collections.abc import Callable
from sys import _getframe
from types import CodeType, FrameType
from typing import Any

from mtlearn.grading.python_unwatched import asked

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MODELS = os.path.join(OURS, "interleave")  # under the explorer, files are opened there
_PATHS = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_LIBRARY = ("<frozen ", *_PATHS)
_PASSED_ON = {"inspect.py", "ctypes/__init__.py"}  # of the library: what they ask for, somebody asked them for
_STACKS = {"traceback.py", "logging/__init__.py:currentframe", "logging/__init__.py:<lambda>"}  # of the own stack
_HELD_BY = {"tb_frame", "gi_frame", "cr_frame", "ag_frame", "__code__"}  # by which a frame, or a file, is come by
_OF_A_PROCESS = re.compile(r"/proc/(self|thread-self|\d+)\b")


def _anything(*_: Any) -> str:
    return ""


def _frame_of(_: Any, name: str) -> str | None:
    return name if name in _HELD_BY else None


def _of_python(_: Any, name: Any) -> str | None:
    return name if str(name).startswith(("Py", "_Py")) else None


def _telling(path: Any = None, *_: Any) -> str | None:
    """What a path names that tells of a process; None for any other."""
    found = _OF_A_PROCESS.match(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else None
    return found[0] if found else None


# event → what of it is asked for: "" for what the event is named after, None where that tells nothing
_EVENTS: dict[str, Callable[..., str | None]] = {
    **dict.fromkeys(("sys._getframe", "sys._current_frames", "sys._current_exceptions", "sys.addaudithook"), _anything),
    **dict.fromkeys(("gc.get_objects", "gc.get_referrers", "gc.get_referents"), _anything),
    **dict.fromkeys(("open", "os.listdir", "os.scandir"), _telling),
    **dict.fromkeys(("exec", "compile", "code.__new__", "function.__new__", "marshal.loads"), _anything),
    "object.__getattr__": _frame_of,
    "ctypes.dlsym": _of_python,
    "cpython.PyInterpreterState_New": lambda *_: "a subinterpreter",
}


def note(file: str, scenarios: str) -> None:
    """From now on, for the learner's file."""
    events, add, ident, now = _EVENTS, asked.append, get_ident, _getframe
    inside: set[int] = set()  # the threads that are looking: what they ask for is not the file's

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        look = events.get(event)
        if look is None or (me := ident()) in inside:
            return
        inside.add(me)
        try:
            what = look(*arguments)
            if what is not None and (frame := _asking(now(1), event, file, scenarios)):
                add((frame.f_lineno, what or event))
        finally:
            inside.discard(me)

    sys.addaudithook(hook)


def _asking(frame: FrameType | None, event: str, file: str, scenarios: str) -> FrameType | None:
    """The frame of the learner's file that asks; None where the library, or mtlearn, does so for itself."""
    of_a_file = _EVENTS[event] is _telling
    asker = frame
    while frame is not None and frame.f_code.co_filename != file:
        code = frame.f_code
        if code.co_filename.startswith((OURS, scenarios)):
            if not (of_a_file and code.co_filename.startswith(_MODELS)):
                return None
        elif not of_a_file and _keeps(code, event, first=frame is asker):
            return None
        frame = frame.f_back
    return frame


def _keeps(code: CodeType, event: str, *, first: bool) -> bool:
    """Whether a function of the library keeps to itself what it gets; not where it was handed over to be called."""
    home = next((path for path in _LIBRARY if code.co_filename.startswith(path)), None)
    if home is None:
        return False  # a string that was executed, or another file of the learner's
    if event == "object.__getattr__":
        return True
    name = code.co_filename.removeprefix(home).lstrip("/\\").replace("\\", "/")
    passed_on = _PASSED_ON | (_STACKS if event == "sys._getframe" else set())
    if {name, f"{name}:{code.co_name}"} & passed_on:
        return False
    return not first or event.rpartition(".")[2] in code.co_names
