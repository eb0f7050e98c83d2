"""TraceDecoder a run in detail: a step for each thing that was read, written, acquired, waited for."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import replace
from types import CodeType, FrameType
from typing import Any

from mtlearn.interleave.python.library import Own
from mtlearn.interleave.python.locations import MISSING, Names, Scope, node_at, short, source_line
from mtlearn.interleave.python.primitives import Mutex
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.steps import at_with, instruction, own_frame
from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.python.yield_points import YieldPoint
from mtlearn.interleave.trace import Event, Step, Thrown

LONGEST_TEXT = 500  # characters of an exception's text


class Recorder:
    """Collects the steps of one run."""

    def __init__(self, names: Names, stepped: Own) -> None:
        self.names = names
        self.stepped = stepped
        self.steps: list[Step] = []
        self.unsettled: dict[int, tuple[int, ast.AST, FrameType]] = {}  # thread -> a write to look at
        self.told: dict[int, tuple[FrameType, int]] = {}  # thread -> the instruction of its last step

    def passed(self, me: Worker, point: YieldPoint, frame: FrameType) -> None:
        """Record a point that a thread goes through now."""
        if point.operation == "loop":
            return
        step, node = self.step(me, point, frame)
        own = frame
        if point.library:
            within, _ = own_frame(frame, self.stepped)
            if within is None or not self._touches_what_has_a_name(node, frame):
                return
            told = step_at(me, within, step.operation, step.location, step.value)
            own, step = within, replace(told, note=f"in {point.code.co_qualname}")
        self.steps.append(step)
        self.told[me.index] = instruction(own)
        if step.operation == "write" and isinstance(node, ast.Attribute | ast.Name | ast.Subscript):
            self.unsettled[me.index] = (len(self.steps) - 1, node, frame)

    def _touches_what_has_a_name(self, node: ast.AST | None, frame: FrameType) -> bool:
        """Say whether it is something that the program has a name for: what else the library holds says nothing."""
        base = node.func if isinstance(node, ast.Call) else node
        if isinstance(base, ast.Attribute | ast.Subscript):
            base = base.value
        return isinstance(base, ast.expr) and self.names.of(Scope(frame).value(base)) is not None

    def step(self, me: Worker, point: YieldPoint, frame: FrameType) -> tuple[Step, ast.AST | None]:
        """Tell what a thread does at a point, as things stand now, and the expression for the location it touches."""
        scope = Scope(frame)
        node = point.node
        operation, location, value = point.operation, "", None
        if point.shape in ("global", "cell"):
            node = ast.Name(point.name)
        if isinstance(node, ast.Call):
            location = self.names.location(node.func, scope)
        elif isinstance(node, ast.AugAssign):
            node = node.target
            location = self.names.location(node, scope)
        elif isinstance(node, ast.For):
            node = node.iter
            location = self.names.location(node, scope)
        elif isinstance(node, ast.Compare) and point.shape == "right":
            node = node.comparators[-1]
            location = self.names.location(node, scope)
        elif isinstance(node, ast.expr):
            location = self.names.location(node, scope)
        if operation == "read" and node is not None:
            held = scope.value(node)
            value = short(held) if held is not MISSING else None
        return step_at(me, frame, operation, location, value), node

    def instruction(self, me: Worker, frame: FrameType) -> None:
        """Look, at the thread's next instruction, at what its last write left."""
        if self.told.get(me.index) not in (None, instruction(frame)):
            del self.told[me.index]  # with what that frame would keep alive
        pending = self.unsettled.pop(me.index, None)
        if pending is None or pending[2] is not frame:
            return
        number, node, _ = pending
        held = Scope(frame).value(node)
        if held is not MISSING and (value := short(held)) is not None:
            step = self.steps[number]
            self.steps[number] = replace(step, value=value)

    def synchronised(
        self, scheduler: Scheduler, me: Worker, operation: str, what: Any, event: Event | None = None
    ) -> None:
        """Record an operation on a lock, a thread or the clock, where the program itself asked for it."""
        frame, library = own_frame(sys._getframe(2), self.stepped)
        if frame is None:
            return
        here = instruction(frame)
        first = here != self.told.get(me.index)
        if scheduler.steps and event == "blocks" and (first or not library):
            return  # it has not begun: the pause tells
        self.told[me.index] = here
        if library and isinstance(what, Mutex):
            if first:  # no call of the program's own: a `with` block begins or ends
                self.steps.append(step_at(me, frame, at_with(library), named_at(frame, self.names), event=event))
            elif operation == "wake":
                self.steps.append(step_at(me, frame, operation, named_at(frame, self.names)))
            elif event in ("blocks", "times out") and self.steps:
                # Inside the library: the call itself was recorded. Only a wait is worth a word.
                self.annotate(me, event)
            return
        location = self.name_of(what, frame)
        note = _words(event)
        if event == "blocks" and isinstance(what, Mutex) and what.holder is not None:
            note = f"blocks: {what.holder.name} holds it" if what.holder is not me else "blocks: it holds it itself"
        self.steps.append(replace(step_at(me, frame, operation, location, event=event), note=note))

    def awaits(self, me: Worker, frame: FrameType) -> None:
        """Record that a task lets others run until what it awaits has come."""
        self.steps.append(step_at(me, frame, "await", named_at(frame, self.names)))

    def annotate(self, me: Worker, event: Event) -> None:
        """Say of the last step of a thread how it went."""
        for number in range(len(self.steps) - 1, -1, -1):
            step = self.steps[number]
            if step.thread == me.index:
                self.steps[number] = replace(step, note=event, event=event)
                return

    def ends(self, me: Worker, where: tuple[CodeType, int] | None, error: BaseException) -> None:
        """Record that a thread ended with an exception."""
        if where is None:
            return
        code, line = where
        file, source, note = code.co_filename, source_line(code, line), f"ends: {told(error)}"
        self.steps.append(Step(me.index, file, line, source, "raise", "", None, note, "ends"))

    def name_of(self, what: Any, frame: FrameType) -> str:
        """Name a lock or a thread as the program does."""
        if isinstance(what, Worker):
            return what.name
        if isinstance(what, int | float):
            return f"{what:g} s"
        return self.names.of(what) or named_at(frame, self.names)


def step_at(
    me: Worker, frame: FrameType, operation: str, location: str, value: str | None = None, event: Event | None = None
) -> Step:
    """Tell a step that a thread takes where that frame stands."""
    code, line = frame.f_code, frame.f_lineno
    source = source_line(code, line)
    return Step(me.index, code.co_filename, line, source, operation, location, value, _words(event), event)


def _words(event: Event | None) -> str | None:
    return "is held, goes on without" if event == "fails" else event


def named_at(frame: FrameType, names: Names) -> str:
    """Name what the instruction a frame stands at works on: `with first.lock:` gives "first.lock"."""
    node = node_at(frame.f_code, frame.f_lasti)
    if isinstance(node, ast.Await):
        return ast.unparse(node.value)
    if isinstance(node, ast.Call):
        node = node.func
        if isinstance(node, ast.Attribute):
            node = node.value
    elif isinstance(node, ast.With | ast.AsyncWith) and node.items:
        node = node.items[0].context_expr
    return names.location(node, Scope(frame)) if node is not None else ""


def without_addresses(text: str) -> str:
    """Drop "at 0x7f…" from a string: addresses differ from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def thrown(error: BaseException, thread: int | None = None) -> Thrown:
    """Give an error as a value."""
    return Thrown(thread, told(error), isinstance(error, NotImplementedError))


def told(error: BaseException) -> str:
    """Tell an exception as "ValueError: why", alike in every run."""
    try:
        text = without_addresses(str(error)[:LONGEST_TEXT])
    except Exception:
        text = "(its text cannot be read)"
    name = type(error).__name__[:LONGEST_TEXT]
    return f"{name}: {text}" if text else name
