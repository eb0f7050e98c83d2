"""An asyncio event loop under the scheduler: between two steps of its tasks, who goes on is a decision.

The loop is the library's own; only its round is another one. A task is a worker without a thread of its own: it runs
in the thread of its loop, its host, and between an `await` that lets others run and its next step it stands there for
the scheduler to choose. The host stands for all else the loop does: plain callbacks, and files.

- The order of what is ready is a choice. First come, first served costs nothing, another order what a preemption costs.
  Plain callbacks keep their order. Who sleeps, be it for no time at all, lets all go first that are ready.
- Whose time passes first is a choice, as it is for threads.
"""

from __future__ import annotations

import asyncio
import functools
import heapq
from asyncio import base_events, tasks
from contextlib import suppress
from types import FrameType
from typing import Any, NamedTuple

from mtlearn.interleave.python.control import Control
from mtlearn.interleave.python.library import Own
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.worker import Worker

CLOSINGS = 100  # how often a coroutine that swallows its end is ended
QUIET_STEPS = 200  # steps of a task from sleep to sleep without a point, after which all that is read is one

Loop = Any  # asyncio.BaseEventLoop, with the attributes that its subclasses see


class Timer(NamedTuple):
    """A call that an event loop is to make at a time."""

    handle: asyncio.TimerHandle
    task: Any  # the task whose wait it ends, None for a plain callback
    sleep: bool  # what it ends is a sleep
    near: bool  # its time may pass before others do their next step


class Turns:
    """Whose turn it is in one event loop, during one run of the program."""

    def __init__(self, loop: Loop, scheduler: Scheduler, host: Worker) -> None:
        scheduler.footprints.not_told()
        self.loop = loop
        self.scheduler = scheduler
        self.host = host
        self.workers: dict[Any, Worker] = {}  # by task
        self.unheard: list[asyncio.Handle] = []  # left by other threads while the loop slept, without waking it
        self.earlier: list[asyncio.Handle] = []  # what was ready when the last step began
        self.last = host  # who ran last
        self.given: list[Worker] = []  # the threads of the program that are coroutines
        self.open = False  # the loop is between two steps
        self.known: tuple[Any, dict[Worker, asyncio.Handle]] = (None, {})  # who may go on, and when that was

    # What the loop calls

    def round(self) -> None:
        """Let one of those go on that can: a task, a timer or a callback."""
        scheduler, host = self.scheduler, self.host
        while (live := self._live()) and is_library(live[0]):
            self._run(host, self._take(host) or live[0])  # what the library does between is nobody's choice
            if self.loop._stopping:
                return
        self._offer()
        try:
            scheduler.turn(host)
        finally:
            self._withdraw()
            chosen, scheduler.current = scheduler.current, host
        self.unheard.clear()
        self._fire(chosen)
        handle = self._take(chosen)
        if handle is not None:
            self._run(chosen, handle)
        elif chosen is host:
            self._attend()

    def finish(self) -> None:
        """Run what was ready beside the callback that stopped the loop: asyncio does, before it looks whether to."""
        earlier = self.earlier
        while any(handle is left for handle in self._live() for left in earlier):
            self.round()

    def heard(self, handle: asyncio.Handle) -> None:
        """Note a callback that another thread leaves without waking the loop."""
        if self.open and all(left is handle or any(left is u for u in self.unheard) for left in self._live()):
            self.unheard.append(handle)

    def end(self) -> None:
        """Close the coroutines of tasks that will not go on, while their thread unwinds."""
        for task, worker in list(self.workers.items()):
            worker.done, task._log_destroy_pending = True, False
            for _ in range(CLOSINGS):
                with suppress(BaseException):
                    task.get_coro().close()
                    break
            if task.done():
                task._log_traceback = False  # it may have been ended by Abort
        for handle in self._live():
            for coroutine in filter(asyncio.iscoroutine, handle._args or ()):
                coroutine.close()  # of no task yet: an asynchronous generator is closed by one

    # What the scheduler asks

    def free(self) -> list[Worker]:
        """Give those whose turn costs nothing: who goes on if nobody interferes, or all that have just come."""
        first = self.following()
        if first is None or first.resumed or first not in self.given:
            return [first] if first else []
        return [worker for worker in self.given if not worker.resumed and self.scheduler.runnable(worker)]

    def following(self) -> Worker | None:
        """Give the worker that goes on if nobody interferes."""
        scheduler = self.scheduler
        if scheduler.is_ahead(self.last):
            return self.last
        for worker in self._eligible():
            if scheduler.runnable(worker):
                return worker
        due = [w for w in self._all() if w.deadline is not None and scheduler.runnable(w)]
        return min(due, key=lambda w: w.deadline or 0.0) if due else None

    def adopt(self, task: Any, worker: Worker) -> None:
        """Let a worker stand for a task."""
        self.workers[task] = worker
        worker.task, worker.host, worker.go, worker.ident = task, self.host, self.host.go, self.host.ident
        worker.daemon, worker.background = self.host.daemon, self.host.background
        worker.begun = worker.idle = True

    # Offering a choice

    def _offer(self) -> None:
        """Let every worker of this loop be chosen."""
        for handle in self._live():
            if (task := _task_of(handle)) is not None and task not in self.workers:
                worker = self.scheduler.new_worker()
                worker.name = worker.name.replace("Thread", "Task")
                self.adopt(task, worker)
        self.open, self.host.turns = True, self
        for worker in self._all():
            worker.idle, worker.ready = False, functools.partial(self._can, worker)
            worker.wait = ("event loop", None) if worker is self.host else ("await", worker.task)
        for timer in self._timers():
            owner, when = self._owner(timer), timer.handle.when()
            if self._lets_go_first(owner):
                continue
            if owner.deadline is None or when < owner.deadline:
                self.scheduler.limited += timer.near - owner.limited
                owner.deadline, owner.limited = when, timer.near

    def _withdraw(self) -> None:
        """Let none be chosen: one of them runs."""
        self.open, self.host.turns = False, None
        for worker in self._all():
            self.scheduler.limited -= worker.limited
            worker.ready, worker.deadline, worker.limited, worker.wait = None, None, False, ("", None)
            worker.idle = worker is not self.host

    def _all(self) -> list[Worker]:
        return [*(worker for worker in self.workers.values() if not worker.done), self.host]

    def _live(self) -> list[asyncio.Handle]:
        return [handle for handle in self.loop._ready if not handle._cancelled]

    def _eligible(self) -> dict[Worker, asyncio.Handle]:
        """Give who may go on with what, first come, first served."""
        now = (self.scheduler.points, len(self.loop._ready))
        if self.known[0] != now:
            found: dict[Worker, asyncio.Handle] = {}
            live = self._live()
            others = False
            for handle in live if len(self.unheard) < len(live) else ():
                worker = self.workers.get(_task_of(handle), self.host)
                timer = isinstance(handle, asyncio.TimerHandle)  # its time has passed: it comes behind what was ready
                if worker not in found and not (others if timer else self._lets_go_first(worker)):
                    found[worker] = handle
                others |= worker.parked != self.scheduler.version
            self.known = now, found
        return self.known[1]

    def _lets_go_first(self, worker: Worker) -> bool:
        """Say whether somebody is still ready who was when this task went to sleep: all of them go first."""
        if worker.behind:
            live = self._live()
            worker.behind = [handle for handle in worker.behind if any(handle is left for left in live)]
        version = self.scheduler.version
        return any(self.workers.get(_task_of(h), self.host).parked != version for h in worker.behind)

    def _can(self, worker: Worker) -> bool:
        return worker in self._eligible() or (worker is self.host and bool(self._events()))

    # Doing what was chosen

    def _take(self, worker: Worker) -> asyncio.Handle | None:
        """Take what a worker goes on with out of the queue."""
        self.known = (None, {})
        handle = self._eligible().get(worker)
        self.loop._ready = type(self.loop._ready)(left for left in self._live() if left is not handle)
        return handle

    def _run(self, worker: Worker, handle: asyncio.Handle) -> None:
        scheduler, host = self.scheduler, self.host
        self.last, self.earlier = worker, self._live()
        slept, points = worker.sleeps, scheduler.points
        worker.resumed += 1
        worker.sleeps = False
        host.idle, worker.idle = True, False
        scheduler.current = worker
        try:
            handle._run()
        finally:
            scheduler.current = host
            worker.idle, host.idle = worker is not host, False
        if scheduler.aborting:
            scheduler.die(host)
        if worker.task is not None:
            self._suspended(worker)
        if not (slept and worker.sleeps):
            scheduler.changed(worker)  # from one sleep to the next, only the program's own steps can change something
        elif worker.spins:
            worker.parked = scheduler.version
        elif points == scheduler.points:
            worker.quiet += 1
            if worker.quiet == QUIET_STEPS:
                scheduler.yield_everywhere()
        worker.spins = False

    def _suspended(self, worker: Worker) -> None:
        """Note how a task's step ended."""
        task = worker.task
        if task.done():
            worker.done = True
            self.scheduler.unfinished -= worker in self.given
            return
        worker.sleeps = _chain(task)[-1].f_code in _SLEEPS
        worker.behind = [h for h in self._live() if _task_of(h) is not task] if worker.sleeps else []
        recorder = self.scheduler.recorder
        if recorder and (frame := standing(task, recorder.stepped)):
            recorder.awaits(worker, frame)

    def _fire(self, worker: Worker) -> None:
        """Run the timers of a task that are due; put plain callbacks that are due into the queue."""
        now = self.scheduler.now
        due = [t for t in self._timers() if t.handle.when() <= now and self._owner(t) is worker]
        self.loop._scheduled = [left for left in self.loop._scheduled if not any(left is t.handle for t in due)]
        heapq.heapify(self.loop._scheduled)
        for timer in sorted(due, key=lambda timer: timer.handle.when()):
            timer.handle._scheduled = False  # type: ignore[attr-defined]
            if worker is self.host:
                self.loop._ready.append(timer.handle)
                if self.scheduler.recorder and timer.task in self.workers:
                    self.scheduler.recorder.annotate(self.workers[timer.task], "times out")
            else:
                timer.handle._run()

    def _owner(self, timer: Timer) -> Worker:
        """Give who goes on when its time has passed; a time-out need not be about what the task itself waits for."""
        return self.workers.get(timer.task, self.host) if timer.sleep else self.host

    def _timers(self) -> list[Timer]:
        known = timers_of(self.loop)
        live = [handle for handle in self.loop._scheduled if not handle._cancelled]
        for number in known.keys() - set(map(id, live)):
            del known[number]
        return [known.get(id(handle)) or Timer(handle, None, sleep=False, near=False) for handle in live]

    def _events(self) -> list[Any]:
        """Give what has come to the loop's files, but for what only wakes it."""
        selector = getattr(self.loop, "_selector", None)
        if selector is None or len(selector.get_map() or ()) < 2:
            return []
        wakes = getattr(self.loop, "_ssock", None)
        return [(key, mask) for key, mask in selector.select(0) if key.fileobj is not wakes]

    def _attend(self) -> None:
        """Put the callbacks into the queue that wait for files on which something has come."""
        self.loop._process_events(self._events())
        self.scheduler.changed(self.host)


def standing(task: Any, stepped: Own) -> FrameType | None:
    """Give the frame of the program's own in which a task awaits, the innermost there is."""
    return next((frame for frame in reversed(_chain(task)) if stepped(frame.f_code, frame.f_globals)), None)


def awaited(worker: Worker) -> int | None:
    """Give the index of the task that a task awaits, None where it awaits something else."""
    waiter = getattr(worker.task, "_fut_waiter", None)
    turns = turns_of(worker.task.get_loop())
    found = turns.workers.get(waiter) if turns is not None and isinstance(waiter, asyncio.Task) else None
    return found.index if found is not None else None


def _chain(task: Any) -> list[FrameType]:
    """Give the frames of the coroutines that a task is suspended in, the innermost last."""
    frames, awaited = [], task.get_coro()
    while awaited is not None:
        for kind, inner in _KINDS:
            if (frame := getattr(awaited, f"{kind}_frame", None)) is not None:
                frames.append(frame)
                awaited = getattr(awaited, inner)
                break
        else:
            break
    return frames


_KINDS = (("cr", "cr_await"), ("ag", "ag_await"), ("gi", "gi_yieldfrom"))
_ENDS = {  # what `asyncio.run` does at its end: nobody's task
    base_events.BaseEventLoop.shutdown_asyncgens.__code__,
    base_events.BaseEventLoop.shutdown_default_executor.__code__,
}
_SLEEPS = {tasks.sleep.__code__, tasks.__sleep0.__code__}  # type: ignore[attr-defined]


def _task_of(handle: Any) -> Any:
    """Give the task whose next step a handle is, None for a plain callback."""
    task = getattr(handle._callback, "__self__", None)
    name = getattr(handle._callback, "__name__", "step")  # the step of a task written in C has none
    if not isinstance(task, asyncio.Task) or not name.endswith(("step", "wakeup")):
        return None
    return None if getattr(task.get_coro(), "cr_code", None) in _ENDS else task


def is_library(handle: Any) -> bool:
    """Say whether it is the library that is called back."""
    if _task_of(handle) is not None:
        return False
    callback = getattr(handle._callback, "func", handle._callback)  # functools.partial
    callback = getattr(callback, "__func__", callback)
    return (getattr(callback, "__module__", None) or "").partition(".")[0] in ("asyncio", "_asyncio", "mtlearn")


def timers_of(loop: Loop) -> dict[int, Timer]:
    """Give what is known of a loop's timers, by the handle's id."""
    found: dict[int, Timer] = loop.__dict__.setdefault("_mtlearn_timers", {})
    return found


def turns_of(loop: Loop) -> Turns | None:
    """Give the turns of a loop in the run that goes on, None where it has not begun to go round."""
    turns: Turns | None = loop.__dict__.get("_mtlearn_turns")
    return turns if turns is not None and turns.scheduler is Control.scheduler else None
