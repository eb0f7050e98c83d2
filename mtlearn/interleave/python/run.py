"""One run of a program: set-up, threads, observation, and how it ended."""

from __future__ import annotations

import asyncio
import ctypes
import inspect
import sys
import threading
import traceback
from _thread import get_ident, get_native_id  # the real ones: the names are replaced during a run
from collections.abc import Callable
from contextlib import nullcontext, suppress
from sys import settrace  # a program that calls it by its name is stopped
from types import FrameType
from typing import Any

from mtlearn.interleave.executor import Execution, Plan
from mtlearn.interleave.python import outside
from mtlearn.interleave.python.chance import drew
from mtlearn.interleave.python.control import Control
from mtlearn.interleave.python.endings import brief, ended_badly, idle_in_pool, unheard
from mtlearn.interleave.python.event_loop import awaited, standing
from mtlearn.interleave.python.locations import Names, loop_around, source_line
from mtlearn.interleave.python.loop_models import serve
from mtlearn.interleave.python.program import Program
from mtlearn.interleave.python.recorder import Recorder, named_at, step_at, thrown
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.state import holdings, local
from mtlearn.interleave.python.steps import at_with, instruction, own_frame
from mtlearn.interleave.python.watchdog import BUSY_S, Watchdog
from mtlearn.interleave.python.worker import Abort, Stuck, Worker
from mtlearn.interleave.python.yield_points import YieldPoint
from mtlearn.interleave.trace import Step, Thrown, Waiting, thread_name

_OPERATIONS = {"condition": "wake", "join": "join", "sleep": "sleep", "files": "wait"}  # by what is waited for
POLL_S = 0.05  # how often the main thread looks whether anything moves
INTERRUPT_S = 0.05  # wall-clock time between attempts to interrupt a thread that holds on to the baton
UNWIND_S = 1.0  # wall-clock time a thread gets to end once its run is over


class Run:
    """One run: set-up, threads, observation, and how it ended."""

    def __init__(self, program: Program, scheduler: Scheduler, plan: Plan) -> None:
        self.program = program
        self.scheduler = scheduler
        self.stepped = program.watch.stepped
        self.names = Names()
        self.recorder = Recorder(self.names, self.stepped) if plan.detail else None
        self.waiting: tuple[Waiting, ...] = ()
        self.elsewhere: list[str] = []  # who stands in no line of the program's own
        self.next: tuple[Step, ...] = ()
        self.local: tuple[tuple[int, tuple[tuple[str, str], ...]], ...] = ()
        self.state: Any = None
        self.holdings: tuple[tuple[str, str], ...] = ()
        self.thrown: Thrown | None = None
        self.runner: asyncio.Runner | None = None  # whose event loop set-up has used
        scheduler.bootstrap = self.bootstrap
        scheduler.await_main = self.await_main  # type: ignore[method-assign]
        scheduler.on_stop = self.look
        scheduler.on_more_points = program.tracer.refresh

    def go(self) -> Execution:
        """Run it from set-up to the last thread's end, and tell."""
        scheduler, observation = self.scheduler, None
        try:
            state = self.state = self.guarded(self.set_up)
            if scheduler.ending is None:
                scheduler.shared.roots += [state, *self.program.targets, *map(vars, self.program.modules)]
                if self.recorder:
                    self.name(state)
                    self.program.tracer.refresh()
                    scheduler.recorder = self.recorder
                scheduler.footprints.name(state, self.program, early=bool(scheduler.threads))
                self.start(state, early=list(scheduler.threads))
                self.let_run()
                if not scheduler.early:
                    self.judge_end(lambda t: t.background)
            if scheduler.ending is None:
                recorder, scheduler.recorder = scheduler.recorder, None
                observation = self.guarded(lambda: self.program.observe(state))
                if scheduler.ending is None and not scheduler.early and self.left():
                    # What the program left running, set-up's threads too, must come to an end now.
                    scheduler.recorder, scheduler.observed = recorder, True
                    self.let_run()
                    self.judge_end(lambda t: t.deadline is not None)
                scheduler.stop("finished")
        finally:
            with unheard() if any(not worker.done for worker in scheduler.threads) else nullcontext():
                self.unwind()
        return self.told(observation)

    def set_up(self) -> Any:
        """Make the state; a coroutine function makes it in the event loop that the threads will run in."""
        state = self.program.setup()
        if inspect.iscoroutine(state):
            self.runner = asyncio.Runner()
            state = self.runner.run(state)
        return state

    def guarded(self, function: Callable[[], Any]) -> Any:
        """Call set-up or observation on the main thread; what goes wrong there ends the run."""
        try:
            return function()
        except Stuck:
            self.scheduler.stop("deadlock", "set-up or observation waits for what cannot happen")
        except Exception as error:
            self.throws(thrown(error))
        return None

    def start(self, state: Any, early: list[Worker]) -> None:
        """Start the given threads. Those set-up started before come after them in number."""
        scheduler = self.scheduler
        for worker in early:
            worker.index = worker.index + len(self.program.targets) + (worker.index < scheduler.main_index)
            worker.name = thread_name(worker.index - 1)
        coroutines: list[tuple[Worker, Callable[[Any], Any]]] = []
        for index, target in enumerate(self.program.targets):
            worker = Worker(index, thread_name(index))
            scheduler.threads.insert(index, worker)
            if inspect.iscoroutinefunction(inspect.unwrap(target)):
                worker.name = worker.name.replace("Thread", "Task")
                coroutines.append((worker, target))
                continue
            worker.python_thread = self.program.python_thread(index)
            worker.python_thread._mtlearn_worker = worker
            scheduler.launch(worker, lambda target=target: target(state))  # type: ignore[misc]
        if coroutines:
            host, runner = scheduler.new_worker("Event loop"), self.runner or asyncio.Runner()
            for worker, _ in coroutines:
                worker.idle, worker.begun, worker.host = True, True, host
            scheduler.launch(host, lambda: serve(runner, [(w, target(state)) for w, target in coroutines], self.fails))

    def let_run(self) -> None:
        """Give the baton to the threads, until none can go on or one of them says that it is enough."""
        scheduler, main = self.scheduler, self.scheduler.main
        main.idle = True
        if (first := scheduler.next_step()) is not main:
            scheduler.current = first
            first.go.release()
            self.await_main()
        main.idle = False
        scheduler.current = main

    def left(self) -> list[Worker]:
        """Give the threads that Python waits for before it ends, and that have not ended."""
        threads = [t for t in self.scheduler.threads if t.host is t]
        return [t for t in threads if not t.done and not t.daemon and not idle_in_pool(t)]

    def judge_end(self, may_wait: Callable[[Worker], bool]) -> None:
        """Nobody can go on: either all is done, or somebody waits for ever."""
        left = [worker for worker in self.left() if not may_wait(worker)]
        for worker in left:
            kind, what = worker.wait
            if kind == "file" and outside.comes_from_outside(what):
                self.give_up_on(worker)
            elif kind == "file":
                self.scheduler.stop("blocked", f"{worker.name} waits outside Python's locks at {self.where(worker)}")
        if left:
            self.scheduler.stop("deadlock")

    def give_up_on(self, worker: Worker) -> None:
        """End the run because a thread waits for what this process does not see."""
        reason = f"{worker.name} waits at {self.where(worker)} for what is not seen to come from its other threads"
        self.scheduler.stop("uncontrolled", reason=reason)

    def where(self, worker: Worker) -> str:
        """Say in which line a thread stands."""
        line = self.stands(worker, sys._current_frames())
        return f"line {line.line}" if line else "an unknown line"

    def bootstrap(self, worker: Worker, target: Callable[[], Any]) -> None:
        """Run in the worker's real thread."""
        scheduler = self.scheduler
        ident = get_ident()
        try:
            if scheduler.aborting:
                return
            if worker.python_thread is not None:
                threading._active[ident] = worker.python_thread  # type: ignore[attr-defined]
                vars(worker.python_thread).update(_ident=ident, _native_id=get_native_id())
            self.program.tracer.thread_starts()
            try:
                target()
            finally:
                settrace(None)
        except (Abort, SystemExit):
            pass
        except BaseException as error:
            if not scheduler.aborting:
                self.fails(worker, error)
        finally:
            threading._active.pop(ident, None)  # type: ignore[attr-defined]
            Control.leaked.discard(ident)
            scheduler.leave(worker)

    def fails(self, worker: Worker, error: BaseException) -> None:
        """End the run because a thread ends with an exception."""
        if self.recorder:
            frames = [
                (frame.f_code, line)
                for frame, line in traceback.walk_tb(error.__traceback__)
                if self.stepped(frame.f_code, frame.f_globals)
            ]
            self.recorder.ends(worker, frames[-1] if frames else None, error)
        self.throws(thrown(error, worker.index))

    def throws(self, what: Thrown) -> None:
        """End the run for an error."""
        if self.scheduler.ending is None:
            self.thrown = what
        self.scheduler.stop("exception", what.text)

    # Watching

    def await_main(self) -> None:
        """Wait for the baton, and end the run if the thread that has it neither reaches a point nor ends."""
        scheduler, go = self.scheduler, self.scheduler.main.go
        watchdog: Watchdog | None = None
        while not go.acquire(timeout=POLL_S):
            current = scheduler.current
            if watchdog is None or (watchdog.worker, watchdog.points) != (current, scheduler.points):
                watchdog = Watchdog(current, scheduler.points)
                continue
            kind = watchdog.look()
            if kind is not None and scheduler.points == watchdog.points:
                where = self.where(current)
                if kind == "busy loop":
                    scheduler.stop(
                        "busy loop", f"{current.name} ran {BUSY_S:g} s at {where} and touched nothing shared"
                    )
                elif any(not t.done and t.host is t and t is not current.host for t in scheduler.threads):
                    self.give_up_on(current)  # others might let it go on
                else:
                    scheduler.stop("blocked", f"{current.name} waits outside Python's locks at {where}")
                scheduler.aborting = True
                if kind == "busy loop":
                    self.interrupt(current.host)
                else:
                    # On 3.11 an exception pending for a thread that sleeps makes all others spin.
                    self.give_up(current.host)
                return

    def interrupt(self, worker: Worker) -> None:
        """End a thread that has the baton and does not give it back."""
        assert worker.carrier is not None
        worker.carrier.spent = True  # an exception may still be on its way to it
        for _ in range(5):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(Abort))
            if worker.carrier.ended.acquire(timeout=INTERRUPT_S):
                worker.carrier.ended.release()
                return
        self.program.spent = True
        self.give_up(worker)

    def give_up(self, worker: Worker) -> None:
        """Leave a thread behind that cannot be ended. Should it wake, its next point ends it."""
        assert worker.carrier is not None
        worker.done = worker.carrier.spent = True
        Control.leaked.add(worker.ident)
        self.program.left.append(worker.name)

    def unwind(self) -> None:
        """End every thread that is left, one at a time."""
        scheduler = self.scheduler
        scheduler.aborting = True
        Control.last_time = scheduler.now
        for worker in scheduler.threads:
            if worker.host is not worker:
                continue  # its host unwinds it
            if not worker.done:
                scheduler.current = worker
                with suppress(RuntimeError):  # it has just been given the baton, by one that was given up
                    worker.go.release()
            elif worker.ident in Control.leaked:
                continue
            if worker.carrier is not None and not worker.carrier.ended.acquire(timeout=UNWIND_S):
                self.give_up(worker)
        scheduler.current = scheduler.main

    def look(self) -> None:
        """Note where every thread stands and what the state holds, before they are unwound."""
        scheduler = self.scheduler
        if self.recorder:
            self.holdings = tuple(holdings(self.state, self.program.state_name(self.state)))
        if scheduler.ending == "finished":
            return
        frames = sys._current_frames()
        left = [worker for worker in scheduler.threads if not worker.done and worker.turns is None]
        if scheduler.ending == "paused":
            if self.recorder:
                self.next = tuple(self.about_to(self.recorder, worker, frames) for worker in left)
                self.local = tuple((worker.index, local(self.frame_of(worker, frames)[0])) for worker in left)
            left = [worker for worker in left if worker.index not in scheduler.enabled]
        self.waiting = tuple(w for worker in left if (w := self.stands(worker, frames)))
        self.elsewhere = [worker.name for worker in left if worker.index not in {w.thread for w in self.waiting}]

    def about_to(self, recorder: Recorder, worker: Worker, frames: dict[int, FrameType]) -> Step:
        """Tell the step that a thread will take when it goes on, as it will then be recorded."""
        frame, library = self.frame_of(worker, frames)
        if frame is None or self.scheduler.steps is None:
            return Step(worker.index, "", 0, "", "go on", "")
        if worker.wait[0] == "await":
            return step_at(worker, frame, "go on" if worker.resumed else "begin", named_at(frame, self.names))
        about = self.scheduler.steps.about.get(worker.index)
        kind, what = worker.wait
        if isinstance(about, YieldPoint) and not kind:
            return recorder.step(worker, about, frame)[0]
        if kind in _OPERATIONS:
            operation = _OPERATIONS[kind]
        elif library and instruction(frame) != recorder.told.get(worker.index):
            operation = at_with(library)
        elif kind:
            operation = "wait" if library else "acquire"
        else:
            operation, what = about or ("go on", None)
        location = named_at(frame, self.names) if library and kind != "join" else recorder.name_of(what, frame)
        return step_at(worker, frame, operation, location)

    def frame_of(self, worker: Worker, frames: dict[int, FrameType]) -> tuple[FrameType | None, FrameType | None]:
        """Give the frame of the program's own that a thread or task is in, and that of the library it has called."""
        if worker.task is not None and (worker.idle or worker.host.turns is not None):
            return standing(worker.task, self.stepped), None
        return own_frame(frames.get(worker.ident), self.stepped)

    def stands(self, worker: Worker, frames: dict[int, FrameType]) -> Waiting | None:
        """Tell where a thread stands and what it waits for; None outside the program's own code."""
        frame, called = self.frame_of(worker, frames)
        if frame is None:
            return None
        library = called.f_globals.get("__name__", "") if called else ""
        kind, what = worker.wait
        holder = None
        location = ""
        code, line = frame.f_code, frame.f_lineno
        if self.scheduler.ending == "livelock" and (worker.spins_at if kind == "await" else worker.goes_on()):
            kind = ""  # it waits time after time
        if self.scheduler.ending in ("busy loop", "livelock") and kind == "":
            code, line = loop_around(frame, self.stepped) or (code, line)
        if kind == "join":
            location, holder = what.name, what.index
        elif kind == "await":
            location, holder = named_at(frame, self.names), awaited(worker)
        elif kind in ("lock", "condition"):
            if what.holder is not None:
                holder = what.holder.index
            location = (not called and self.names.of(what)) or named_at(frame, self.names)
            kind = "queue" if "queue" in library and kind == "condition" else kind
        elif kind == "":
            kind = "loop" if worker.parked >= 0 or self.scheduler.ending in ("livelock", "busy loop") else "ready"
            if self.scheduler.ending == "blocked" and worker is self.scheduler.current:
                kind = "C call"
        return Waiting(worker.index, code.co_filename, line, source_line(code, line), location, kind, holder)

    def name(self, state: Any) -> None:
        """Give names to what the modules and the state hold."""
        for module in self.program.modules:
            for name, value in list(vars(module).items()):
                if not name.startswith("__"):
                    self.names.add(value, name, 3, within=module)
        self.names.allow_more()
        self.names.add(state, self.program.state_name(state))

    def told(self, observation: Any) -> Execution:
        """Put together what this run was."""
        scheduler = self.scheduler
        ending = scheduler.ending or "uncontrolled"
        steps = brief(self.recorder.steps, ending) if self.recorder else ()
        names = {t.index: t.name for t in (*scheduler.threads, scheduler.main)}
        last = max(t.index for t in (*scheduler.threads, scheduler.main))
        last -= last == scheduler.main_index
        message, random = scheduler.message, drew()
        if not message and ending in ("deadlock", "livelock"):
            elsewhere = "; ".join(f"{name} has not ended, and nothing wakes it" for name in self.elsewhere)
            message = ended_badly(ending, self.waiting, names) or elsewhere
        return Execution(
            decisions=scheduler.decisions,
            ending=ending,
            observation=observation if ending == "finished" else None,
            message=message,
            waiting=self.waiting,
            steps=steps,
            threads=tuple(names.get(i, thread_name(i)) for i in range(last + 1)),
            reason=scheduler.reason,
            findings=tuple(f"{name} could not be ended and was left behind" for name in self.program.left),
            grown=scheduler.grown,
            spent=self.program.spent,
            watched=self.program.watch.learnt if self.recorder else (),
            state=self.holdings,
            enabled=scheduler.enabled,
            next=self.next,
            local=self.local,
            thrown=self.thrown,
            drew=random,
            left_out=tuple(scheduler.shared.left_out),
            numbers=scheduler.plan.numbers,
            moves=None if random or self.thrown else scheduler.footprints.whole,
        )
