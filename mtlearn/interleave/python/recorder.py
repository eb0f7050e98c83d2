"""Telling a run in detail: a step for each thing that was read, written, acquired, waited for."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from mtlearn.interleave.python.places import MISSING, Names, Scope, node_at, short, source_line
from mtlearn.interleave.python.points import Point
from mtlearn.interleave.python.primitives import Lock
from mtlearn.interleave.python.scheduler import Scheduler, Worker
from mtlearn.interleave.python.steps import at_with, instruction, own_frame
from mtlearn.interleave.trace import Step

LONGEST_TEXT = 500  # characters of an exception's text


class Recorder:
    """Collects the steps of one run."""

    def __init__(self, names: Names, stepped: Callable[[str], bool]) -> None:
        self.names = names
        self.stepped = stepped
        self.steps: list[Step] = []
        self.unsettled: dict[int, tuple[int, ast.AST, FrameType]] = {}  # thread -> a write to look at
        self.told: dict[int, tuple[FrameType, int]] = {}  # thread -> the instruction of its last step

    def passed(self, me: Worker, point: Point, frame: FrameType) -> None:
        """Record a point that a thread goes through now."""
        if point.operation == "loop":
            return
        step, node = self.step(me, point, frame)
        self.steps.append(step)
        self.told[me.index] = instruction(frame)
        if step.operation == "write" and isinstance(node, ast.Attribute | ast.Name | ast.Subscript):
            self.unsettled[me.index] = (len(self.steps) - 1, node, frame)

    def step(self, me: Worker, point: Point, frame: FrameType) -> tuple[Step, ast.AST | None]:
        """Tell what a thread does at a point, as things stand now, and the expression for the place it touches."""
        scope = Scope(frame)
        node = point.node
        operation, place, value = point.operation, "", None
        if point.shape in ("global", "cell"):
            node = ast.Name(point.name)
        if isinstance(node, ast.Call):
            place = self.names.place(node.func, scope)
        elif isinstance(node, ast.AugAssign):
            node = node.target
            place = self.names.place(node, scope)
        elif isinstance(node, ast.For):
            node = node.iter
            place = self.names.place(node, scope)
        elif isinstance(node, ast.Compare) and point.shape == "right":
            node = node.comparators[-1]
            place = self.names.place(node, scope)
        elif isinstance(node, ast.expr):
            place = self.names.place(node, scope)
        if operation == "read" and node is not None:
            held = scope.value(node)
            value = short(held) if held is not MISSING else None
        return step_at(me, frame, operation, place, value), node

    def instruction(self, me: Worker, frame: FrameType) -> None:
        """Look, at the thread's next instruction, at what its last write left."""
        pending = self.unsettled.pop(me.index, None)
        if pending is None or pending[2] is not frame:
            return
        number, node, _ = pending
        held = Scope(frame).value(node)
        if held is not MISSING and (value := short(held)) is not None:
            step = self.steps[number]
            self.steps[number] = Step(
                step.thread, step.file, step.line, step.source, step.operation, step.place, value, step.note
            )

    def synchronised(self, scheduler: Scheduler, me: Worker, operation: str, what: Any, note: str | None) -> None:
        """Record an operation on a lock, a thread or the clock, where the program itself asked for it."""
        frame, library = own_frame(sys._getframe(2), self.stepped)
        if frame is None:
            return
        here = instruction(frame)
        first = here != self.told.get(me.index)
        if scheduler.steps and note == "blocks" and (first or not library):
            return  # it has not begun: the pause tells
        self.told[me.index] = here
        if library and isinstance(what, Lock):
            if first:  # no call of the program's own: a `with` block begins or ends
                self.steps.append(step_at(me, frame, at_with(library), named_at(frame, self.names), None, note))
            elif operation == "wake":
                self.steps.append(step_at(me, frame, operation, named_at(frame, self.names)))
            elif note in ("blocks", "times out") and self.steps:
                # Inside the library: the call itself was recorded. Only a wait is worth a word.
                self._annotate(me, note)
            return
        place = self.name_of(what, frame)
        if note == "blocks" and isinstance(what, Lock) and what.holder is not None:
            note = f"blocks: {what.holder.name} holds it" if what.holder is not me else "blocks: it holds it itself"
        self.steps.append(step_at(me, frame, operation, place, None, note))

    def _annotate(self, me: Worker, note: str) -> None:
        for number in range(len(self.steps) - 1, -1, -1):
            step = self.steps[number]
            if step.thread == me.index:
                self.steps[number] = Step(
                    step.thread,
                    step.file,
                    step.line,
                    step.source,
                    step.operation,
                    step.place,
                    step.value,
                    note,
                )
                return

    def ends(self, me: Worker, frame: tuple[str, int] | None, error: BaseException) -> None:
        """Record that a thread ended with an exception."""
        if frame is None:
            return
        file, line = frame
        note = f"ends: {told(error)}"
        self.steps.append(Step(me.index, file, line, source_line(file, line), "raise", "", None, note))

    def name_of(self, what: Any, frame: FrameType) -> str:
        """Name a lock or a thread as the program does."""
        if isinstance(what, Worker):
            return what.name
        if isinstance(what, int | float):
            return f"{what:g} s"
        return self.names.of(what) or named_at(frame, self.names)


def step_at(
    me: Worker, frame: FrameType, operation: str, place: str, value: str | None = None, note: str | None = None
) -> Step:
    """Tell a step that a thread takes where that frame stands."""
    file, line = frame.f_code.co_filename, frame.f_lineno
    return Step(me.index, file, line, source_line(file, line), operation, place, value, note)


def named_at(frame: FrameType, names: Names) -> str:
    """Name what the instruction a frame stands at works on: `with first.lock:` gives "first.lock"."""
    node = node_at(frame.f_code, frame.f_lasti)
    if isinstance(node, ast.Call):
        node = node.func
        if isinstance(node, ast.Attribute):
            node = node.value
    elif isinstance(node, ast.With) and node.items:
        node = node.items[0].context_expr
    return names.place(node, Scope(frame)) if node is not None else ""


def without_addresses(text: str) -> str:
    """Drop "at 0x7f…" from a text: addresses differ from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def told(error: BaseException) -> str:
    """Tell an exception as "ValueError: why", alike in every run."""
    try:
        text = without_addresses(str(error)[:LONGEST_TEXT])
    except Exception:
        text = "(its text cannot be read)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
