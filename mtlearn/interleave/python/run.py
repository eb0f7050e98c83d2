"""One run of a program: set-up, threads, observation, and how it ended."""

from __future__ import annotations

import ctypes
import sys
import threading
import traceback
from _thread import get_ident  # the real ones: the names are replaced during a run
from collections.abc import Callable
from sys import settrace  # a program that calls it by its name is stopped
from types import FrameType
from typing import TYPE_CHECKING, Any

from mtlearn.interleave.executor import Execution, Plan
from mtlearn.interleave.python.places import Names, loop_around, source_line
from mtlearn.interleave.python.points import Point
from mtlearn.interleave.python.recorder import Recorder, named_at, step_at, told
from mtlearn.interleave.python.scheduler import Abort, Control, Scheduler, Stuck, Worker
from mtlearn.interleave.python.state import holdings
from mtlearn.interleave.python.steps import at_with, instruction, own_frame
from mtlearn.interleave.python.watchdog import BUSY_S, Watchdog
from mtlearn.interleave.trace import Step, Waiting, thread_name

if TYPE_CHECKING:
    from mtlearn.interleave.python.executor import PythonExecutor

_OPERATIONS = {"condition": "wake", "join": "join", "sleep": "sleep", "files": "wait"}  # by what is waited for
POLL_S = 0.05  # how often the main thread looks whether anything moves
INTERRUPT_S = 0.05  # wall-clock time between attempts to interrupt a thread that holds on to the baton
UNWIND_S = 1.0  # wall-clock time a thread gets to end once its run is over


class Run:
    """One run: set-up, threads, observation, and how it ended."""

    def __init__(self, executor: PythonExecutor, scheduler: Scheduler, plan: Plan) -> None:
        self.executor = executor
        self.scheduler = scheduler
        self.stepped = executor.watch.stepped
        self.names = Names()
        self.recorder = Recorder(self.names, self.stepped) if plan.detail else None
        self.waiting: tuple[Waiting, ...] = ()
        self.elsewhere: list[str] = []  # who stands in no line of the program's own
        self.next: tuple[Step, ...] = ()
        self.state: Any = None
        self.holdings: tuple[tuple[str, str], ...] = ()
        self.errors: list[tuple[Worker, BaseException]] = []
        scheduler.bootstrap = self.bootstrap
        scheduler.await_main = self.await_main  # type: ignore[method-assign]
        scheduler.on_stop = self.look
        scheduler.on_armed = executor.tracer.rearm

    def go(self) -> Execution:
        """Run it from set-up to the last thread's end, and tell."""
        scheduler, main = self.scheduler, self.scheduler.main
        observation = None
        try:
            state = self.state = self.guarded(self.executor.setup)
            if scheduler.ending is None:
                if self.recorder:
                    self.name(state)
                    self.executor.tracer.rearm()
                    scheduler.recorder = self.recorder
                self.start(state, early=list(scheduler.threads))
                main.idle = True
                first = scheduler.choose()
                if first is not main:
                    scheduler.current = first
                    first.go.release()
                    self.await_main()
                main.idle = False
                scheduler.current = main
                scheduler.recorder = None
                self.judge_end()
            if scheduler.ending is None:
                observation = self.guarded(lambda: self.executor.observe(state))
                scheduler.stop("finished")
        finally:
            self.unwind()
        return self.told(observation)

    def guarded(self, function: Callable[[], Any]) -> Any:
        """Call set-up or observation on the main thread; what goes wrong there ends the run."""
        try:
            return function()
        except Stuck:
            self.scheduler.stop("deadlock", "set-up or observation waits for what cannot happen")
        except Exception as error:
            self.scheduler.stop("exception", told(error))
        return None

    def start(self, state: Any, early: list[Worker]) -> None:
        """Start the given threads. Those set-up started before come after them in number."""
        scheduler = self.scheduler
        for worker in early:
            worker.index = worker.index + len(self.executor.targets) + (worker.index < scheduler.main_index)
            worker.name = thread_name(worker.index - 1)
        for index, target in enumerate(self.executor.targets):
            worker = Worker(index, thread_name(index))
            worker.python_thread = self.executor.python_thread(index)
            scheduler.threads.insert(index, worker)
            scheduler.launch(worker, lambda target=target: target(state))  # type: ignore[misc]

    def judge_end(self) -> None:
        """Nobody can go on: either all is done, or somebody waits for ever."""
        left = [t for t in self.scheduler.threads if not t.done and not t.daemon and not t.background]
        left = [t for t in left if not _idle_in_pool(t)]
        if left:
            self.scheduler.stop("deadlock")

    def bootstrap(self, worker: Worker, target: Callable[[], Any]) -> None:
        """Run in the worker's real thread."""
        scheduler = self.scheduler
        ident = get_ident()
        try:
            if scheduler.aborting:
                return
            if worker.python_thread is not None:
                threading._active[ident] = worker.python_thread  # type: ignore[attr-defined]
                if hasattr(worker.python_thread, "_ident"):
                    worker.python_thread._ident = ident
            self.executor.tracer.thread_starts()
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
            Control.ghosts.discard(ident)
            scheduler.leave(worker)

    def fails(self, worker: Worker, error: BaseException) -> None:
        """End the run because a thread ends with an exception."""
        self.errors.append((worker, error))
        if self.recorder:
            frames = [
                (f.filename, f.lineno or 0)
                for f in traceback.extract_tb(error.__traceback__)
                if self.stepped(f.filename)
            ]
            self.recorder.ends(worker, frames[-1] if frames else None, error)
        self.scheduler.stop("exception", told(error))

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
                line = self.stands(current, sys._current_frames())
                where = f"line {line.line}" if line else "an unknown line"
                if kind == "busy loop":
                    scheduler.stop(
                        "busy loop", f"{current.name} ran {BUSY_S:g} s at {where} and touched nothing shared"
                    )
                else:
                    scheduler.stop("blocked", f"{current.name} waits outside Python's locks at {where}")
                scheduler.aborting = True
                if kind == "busy loop":
                    self.interrupt(current)
                else:
                    # On 3.11 an exception pending for a thread that sleeps makes all others spin.
                    self.give_up(current)
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
        self.executor.spent = True
        self.give_up(worker)

    def give_up(self, worker: Worker) -> None:
        """Leave a thread behind that cannot be ended. Should it wake, its next point ends it."""
        assert worker.carrier is not None
        worker.done = worker.carrier.spent = True
        Control.ghosts.add(worker.ident)
        self.executor.left.append(worker.name)

    def unwind(self) -> None:
        """End every thread that is left, one at a time."""
        scheduler = self.scheduler
        scheduler.aborting = True
        Control.last_time = scheduler.now
        for worker in scheduler.threads:
            if not worker.done:
                scheduler.current = worker
                worker.go.release()
            elif worker.ident in Control.ghosts:
                continue
            if worker.carrier is not None and not worker.carrier.ended.acquire(timeout=UNWIND_S):
                self.give_up(worker)
        scheduler.current = scheduler.main

    # Telling

    def look(self) -> None:
        """Note where every thread stands and what the state holds, before they are unwound."""
        scheduler = self.scheduler
        if self.recorder:
            self.holdings = tuple(holdings(self.state, self.executor.state_name(self.state)))
        if scheduler.ending == "finished":
            return
        frames = sys._current_frames()
        left = [worker for worker in scheduler.threads if not worker.done]
        if scheduler.ending == "paused":
            if self.recorder:
                self.next = tuple(self.about_to(self.recorder, worker, frames) for worker in left)
            left = [worker for worker in left if worker.index not in scheduler.enabled]
        self.waiting = tuple(w for worker in left if (w := self.stands(worker, frames)))
        self.elsewhere = [worker.name for worker in left if worker.index not in {w.thread for w in self.waiting}]

    def about_to(self, recorder: Recorder, worker: Worker, frames: dict[int, FrameType]) -> Step:
        """Tell the step that a thread will take when it goes on, as it will then be recorded."""
        frame, library = own_frame(frames.get(worker.ident), self.stepped)
        if frame is None or self.scheduler.steps is None:
            return Step(worker.index, "", 0, "", "go on", "")
        about = self.scheduler.steps.about.get(worker.index)
        kind, what = worker.wait
        if isinstance(about, Point) and not kind:
            return recorder.step(worker, about, frame)[0]
        if kind in _OPERATIONS:
            operation = _OPERATIONS[kind]
        elif library and instruction(frame) != recorder.told.get(worker.index):
            operation = at_with(library)
        elif kind:
            operation = "wait" if library else "acquire"
        else:
            operation, what = about or ("go on", None)
        place = named_at(frame, self.names) if library and kind != "join" else recorder.name_of(what, frame)
        return step_at(worker, frame, operation, place)

    def stands(self, worker: Worker, frames: dict[int, FrameType]) -> Waiting | None:
        """Tell where a thread stands and what it waits for; None outside the program's own code."""
        frame, called = own_frame(frames.get(worker.ident), self.stepped)
        if frame is None:
            return None
        library = called.f_globals.get("__name__", "") if called else ""
        kind, what = worker.wait
        holder = None
        place = ""
        file, line = frame.f_code.co_filename, frame.f_lineno
        if self.scheduler.ending in ("busy loop", "livelock") and kind == "":
            file, line = loop_around(frame, self.stepped) or (file, line)
        if kind == "join":
            place, holder = what.name, what.index
        elif kind in ("lock", "condition"):
            if what.holder is not None:
                holder = what.holder.index
            place = (not called and self.names.of(what)) or named_at(frame, self.names)
            kind = "queue" if "queue" in library and kind == "condition" else kind
        elif kind == "":
            kind = "loop" if worker.parked >= 0 or self.scheduler.ending in ("livelock", "busy loop") else "ready"
            if self.scheduler.ending == "blocked" and worker is self.scheduler.current:
                kind = "C call"
        return Waiting(worker.index, file, line, source_line(file, line), place, kind, holder)

    def name(self, state: Any) -> None:
        """Give names to what the modules and the state hold."""
        for module in self.executor.modules:
            for name, value in list(vars(module).items()):
                if not name.startswith("__"):
                    self.names.add(value, name, 3)
        self.names.allow_more()
        self.names.add(state, self.executor.state_name(state))

    def told(self, observation: Any) -> Execution:
        """Put together what this run was."""
        scheduler = self.scheduler
        ending = scheduler.ending or "uncontrolled"
        steps = tuple(self.recorder.steps) if self.recorder else ()
        names = {t.index: t.name for t in (*scheduler.threads, scheduler.main)}
        last = max(t.index for t in (*scheduler.threads, scheduler.main))
        if last == scheduler.main_index:
            last -= 1
        message = scheduler.message
        if not message and ending in ("deadlock", "livelock"):
            message = _ended_badly(ending, self.waiting, names)
            if not message:
                message = "; ".join(f"{name} has not ended, and nothing wakes it" for name in self.elsewhere)
        return Execution(
            decisions=scheduler.decisions,
            ending=ending,
            observation=observation if ending == "finished" else None,
            message=message,
            waiting=self.waiting,
            steps=steps,
            threads=tuple(names.get(i, thread_name(i)) for i in range(last + 1)),
            reason=scheduler.reason,
            findings=tuple(f"{name} could not be ended and was left behind" for name in self.executor.left),
            grown=scheduler.grown,
            spent=self.executor.spent,
            watched=self.executor.watch.learnt if self.recorder else (),
            state=self.holdings,
            enabled=scheduler.enabled,
            next=self.next,
        )


def _idle_in_pool(worker: Worker) -> bool:
    """Say whether it is a ThreadPoolExecutor's worker, which Python ends by itself at exit."""
    import concurrent.futures.thread as pool

    return worker.python_thread in pool._threads_queues


def _ended_badly(ending: str, waiting: tuple[Waiting, ...], names: dict[int, str]) -> str:
    told = []
    for w in waiting:
        who = names.get(w.thread, "a thread")
        if w.kind == "join":
            told.append(f"{who} waits for {w.place} to end")
        elif w.kind == "loop":
            told.append(f"{who} goes round in line {w.line}")
        elif w.holder is not None:
            held = "which it holds itself" if w.holder == w.thread else f"which {names.get(w.holder)} holds"
            told.append(f"{who} waits for {w.place or 'a lock'}, {held}")
        else:
            told.append(f"{who} waits at {w.place or w.source}, and nobody will wake it")
    return "; ".join(told)
