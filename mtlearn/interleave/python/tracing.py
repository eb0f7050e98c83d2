"""Being told before each instruction: `sys.monitoring` from 3.12 on, `sys.settrace` on 3.11."""

from __future__ import annotations

import sys
from _thread import get_ident  # the real ones: the names are replaced during a run
from sys import settrace
from types import CodeType, FrameType
from typing import Any, Protocol

from mtlearn.interleave.python.control import Control
from mtlearn.interleave.python.treatment import WHOLE, treatment
from mtlearn.interleave.python.watch import Watch
from mtlearn.interleave.python.worker import Abort

monitoring: Any = getattr(sys, "monitoring", None)  # new in 3.12


class Tracer(Protocol):
    """Calls the scheduler at each point of the stepped code."""

    def install(self) -> None:
        """Begin."""

    def remove(self) -> None:
        """Leave no trace."""

    def thread_starts(self) -> None:
        """Do in a new thread what it needs."""

    def refresh(self) -> None:
        """Look at every point again: there are more of them, or a trace with detail is wanted."""


def stop_at(watch: Watch, code: CodeType, offset: int, frame: FrameType) -> bool:
    """Stop the calling thread at this instruction where it is a point; False if it never will be one."""
    scheduler = Control.scheduler
    point = watch.table(code).get(offset)
    if scheduler is None:
        if Control.leaked and get_ident() in Control.leaked:
            raise Abort
        return True
    if point is None:
        if scheduler.recorder is None:
            return False
        me = scheduler.me()
        if me is not None:
            scheduler.recorder.instruction(me, frame)
        return True
    me = scheduler.me()
    if me is None:
        if get_ident() in Control.leaked:
            raise Abort
        return True
    if me is scheduler.main or (point.library and not watch.reach.reached(frame, scheduler.shared)):
        return True
    if scheduler.aborting:
        scheduler.die(me)
    if scheduler.recorder is not None:
        scheduler.recorder.instruction(me, frame)
    if point.yields is None and point.holder is None and watch.decide(point, frame, me.ident):
        scheduler.grown = True
    if point.holder is not None:
        scheduler.grown |= scheduler.containers.read(point, frame, scheduler.footprints)
        return True
    if point.yields:
        scheduler.step(me, point, frame)
        if scheduler.recorder is not None:
            scheduler.recorder.passed(me, point, frame)
        return True
    if scheduler.recorder is not None:
        if point.shown:
            scheduler.recorder.passed(me, point, frame)
        return True
    return point.yields is None


class MonitoringTracer:
    """Python 3.12 and later."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.tool: int | None = None

    def install(self) -> None:
        """Take a free tool id and watch the start of functions."""
        for tool in (4, 3, 5, 2, 1, 0):
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, "mtlearn")
                self.tool = tool
                break
        else:
            raise RuntimeError("no free tool id in sys.monitoring: is a debugger or a coverage tool running?")
        events = monitoring.events
        watch, disable = self.watch, monitoring.DISABLE
        reach = watch.reach
        local: set[int] = set()
        tool = self.tool

        def start(code: CodeType, _offset: int) -> Any:
            own = reach.own(code, sys._getframe(1).f_globals)
            if not own:
                if treatment(code) is WHOLE:
                    return disable
                scheduler = Control.scheduler
                me = scheduler.me() if scheduler is not None else None
                if scheduler is None or me is None or me is scheduler.main:
                    return None
                if not reach.into(sys._getframe(1), scheduler.shared):
                    return None
            if id(code) not in local:
                watch.table(code, library=not own)
                local.add(id(code))
                monitoring.set_local_events(tool, code, events.INSTRUCTION)
            return disable if own else None  # of the library: it depends on what it is called with

        def instruction(code: CodeType, offset: int) -> Any:
            # The usual case of `stop_at`, written out: this is where the time goes.
            scheduler = Control.scheduler
            if scheduler is not None and scheduler.recorder is None:
                point = watch.tables[id(code)].get(offset)
                if point is None:
                    return disable
                if point.yields:
                    me = scheduler.current
                    if me.ident == get_ident() and me is not scheduler.main:
                        if point.library and not reach.reached(sys._getframe(1), scheduler.shared):
                            return None
                        scheduler.step(me, point, sys._getframe(1))
                        return None
                elif point.yields is False:
                    return disable
            return None if stop_at(watch, code, offset, sys._getframe(1)) else disable

        monitoring.register_callback(tool, events.PY_START, start)
        monitoring.register_callback(tool, events.INSTRUCTION, instruction)
        monitoring.set_events(tool, events.PY_START)
        monitoring.restart_events()

    def remove(self) -> None:
        """Give the tool id back."""
        if self.tool is None:
            return
        monitoring.set_events(self.tool, 0)
        for code in self.watch.codes:
            monitoring.set_local_events(self.tool, code, 0)
        for event in (monitoring.events.PY_START, monitoring.events.INSTRUCTION):
            monitoring.register_callback(self.tool, event, None)
        monitoring.free_tool_id(self.tool)
        self.tool = None

    def thread_starts(self) -> None:
        """Nothing: monitoring is for all threads."""

    def refresh(self) -> None:
        """Enable every instruction again."""
        monitoring.restart_events()


class SettraceTracer:
    """Python 3.11."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.apart: dict[int, CodeType] = {}  # by id: what is never stepped through, kept so that no id is used again

    def install(self) -> None:
        """Nothing: tracing begins in each thread."""

    def remove(self) -> None:
        """Nothing: tracing ended with each thread."""

    def refresh(self) -> None:
        """Nothing: every instruction is always told."""

    def thread_starts(self) -> None:
        """Trace this thread."""
        settrace(self._call)

    def _call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if id(frame.f_code) in self.apart:  # most calls are of these: mtlearn's own models, and what they rest on
            return None
        scheduler = Control.scheduler
        if scheduler is None:
            return None
        if not self.watch.reach.into(frame, scheduler.shared):
            if self.watch.reach.never(frame.f_code):
                self.apart[id(frame.f_code)] = frame.f_code
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        watch, code = self.watch, frame.f_code
        table = watch.table(code, library=not watch.stepped(code, frame.f_globals))

        def instruction(frame: FrameType, event: str, _argument: Any) -> Any:
            if event == "opcode":
                offset = frame.f_lasti
                point = table.get(offset)
                scheduler = Control.scheduler
                if scheduler is not None and scheduler.recorder is None and (point is None or point.yields is False):
                    return instruction
                stop_at(watch, code, offset, frame)
            return instruction

        return instruction


def tracer(watch: Watch) -> Tracer:
    """Give the tracer for this Python."""
    return MonitoringTracer(watch) if sys.version_info >= (3, 12) else SettraceTracer(watch)
