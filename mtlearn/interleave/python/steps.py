"""What a learner takes for one step: an operation of the program's own code, with all that the library does for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any


class Steps:
    """Knows of each thread of one run at which instruction it stands and what it is about to do there."""

    def __init__(self, stepped: Callable[[CodeType, dict[str, Any]], bool]) -> None:
        self.stepped = stepped
        self.at: dict[int, tuple[FrameType, int] | None] = {}
        self.about: dict[int, Any] = {}  # a YieldPoint, or (operation, what); None where the thread's `wait` tells

    def begins(self, thread: int, about: Any) -> bool:
        """Say whether a thread that stops begins a step here; False where the library is still at work on the last."""
        frame, library = own_frame(sys._getframe(1), self.stepped)
        here = instruction(frame) if frame else None
        if library and here == self.at.get(thread):
            return False
        self.at[thread], self.about[thread] = here, about
        return True


def at_with(library: FrameType) -> str:
    """Say what a `with` statement does that has called this function of the library."""
    locks = library.f_globals.get("__name__", "").startswith(("threading", "multiprocessing"))
    if library.f_code.co_name == "__exit__":
        return "release" if locks else "leave"
    return "acquire" if locks else "enter"


def instruction(frame: FrameType) -> tuple[FrameType, int]:
    """Give the instruction a frame stands at; while it calls a function, `f_lasti` may be at the caches behind."""
    code, offset = frame.f_code.co_code, frame.f_lasti
    while code[offset] == 0:
        offset -= 2
    return frame, offset


def own_frame(
    frame: FrameType | None, stepped: Callable[[CodeType, dict[str, Any]], bool]
) -> tuple[FrameType | None, FrameType | None]:
    """Give the nearest frame of the program itself, and that of the library function it has called, if it has."""
    library = None
    while frame is not None and not stepped(frame.f_code, frame.f_globals):
        if not frame.f_globals.get("__name__", "").startswith("mtlearn.interleave.python"):
            library = frame
        frame = frame.f_back
    return frame, library
