"""One baton for real threads: only its holder runs, and at each point the plan says who is next.

The thread at a point decides itself and wakes another only for a switch. The main thread sets the program up,
waits until nothing else can go on, and then says how it ended. Time is virtual: it jumps to the next deadline
when nobody can run.
"""

from __future__ import annotations

import random
import sys
from _thread import allocate_lock, get_ident  # the real ones: the names are replaced during a run
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any

from mtlearn.interleave.executor import Decision, Ending, Plan
from mtlearn.interleave.python.carriers import Carrier, Carriers
from mtlearn.interleave.python.containers import Containers
from mtlearn.interleave.python.places import variables
from mtlearn.interleave.python.points import Point
from mtlearn.interleave.python.steps import Steps
from mtlearn.interleave.python.watch import Watch
from mtlearn.interleave.trace import thread_name

QUANTUM = 300  # points a thread runs while another could: then it must let it, for spins that are not seen
PATIENCE = 1  # time-outs in a row after which a thread lets others go first
MAX_POINTS = 20_000  # points in one run
ROUNDS = 10_000  # rounds of a loop without a point, after which reads of what nobody stores to are points
QUIET_ROUNDS = 500  # the same, after which reads of containers that nobody changed are
SAME = 4  # equal visits to a point that make a spin
COUNTED = 500  # the same, where only numbers of its own changed
REVIVALS = 50  # how often threads that all spin are let go on before it is a livelock
START_TIME = 1_000.0  # seconds on the virtual clock when a run begins


class Abort(BaseException):
    """Ends a thread of a run that is over."""


class Stuck(BaseException):
    """Ends set-up or observation when it waits for what cannot happen."""


class Worker:
    """A thread of the program under test."""

    __slots__ = (
        "aborted", "background", "begun", "bumps", "carrier", "daemon", "deadline", "done", "go", "ident", "idle",
        "index", "name", "others", "parked", "python_thread", "ready", "revived", "rounds", "seen", "sleeping",
        "timeouts", "visits", "wait",
    )  # fmt: skip

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name
        self.carrier: Carrier | None = None  # the main thread has none
        self.go = allocate_lock()
        self.ident = 0
        self.done = False
        self.begun = False  # it has come to its first step, or is on its way
        self.idle = False  # the main thread, while it waits for all others
        self.daemon = False
        self.background = False  # started by set-up
        self.ready: Callable[[], bool] | None = None  # what it waits for
        self.deadline: float | None = None
        self.sleeping = False
        self.wait: tuple[str, Any] = ("", None)  # kind and object
        self.python_thread: Any = None
        self.aborted = 0
        # Recognising a spin
        self.parked = -1  # the version of the shared state at which it was found to spin
        self.revived = False  # was let go on all the same, and has not let another go first since
        self.rounds = 0
        self.timeouts = 0  # in a row
        self.bumps = 0  # how much of the version is its own
        self.others = 0
        self.visits: dict[Point, int] = {}
        self.seen: dict[Point, tuple[Sequence[Any], int, int]] = {}

    def finished(self) -> bool:
        """Say whether it has ended."""
        return self.done


class Scheduler:
    """Runs the threads of one execution."""

    def __init__(self, plan: Plan, watch: Watch, main_index: int, carriers: Carriers) -> None:
        self.plan = plan
        self.watch = watch
        self.threads: list[Worker] = []
        self.main = Worker(main_index, "Main thread")
        self.main.go.acquire()
        self.main.ident = get_ident()
        self.carriers = carriers
        self.main_index = main_index
        self.current = self.main
        self.decisions: list[Decision] = []
        self.random = random.Random(plan.seed) if plan.seed is not None else None
        self.restless = self.random.choice((0.05, 0.2, 0.5, 1.0)) if self.random else 0.0
        self.now = START_TIME
        self.clock_reads = 0
        self.points = 0
        self.asleep = 0  # threads that sleep
        self.stretch = 0
        self.version = 0
        self.revivals = 0
        self.revived_at = -1  # the version of the shared state at the last revival
        self.grown = False
        self.containers = Containers(watch)
        self.aborting = False
        self.ending: Ending | None = None
        self.message = ""
        self.reason: str | None = None
        self.recorder: Any = None
        self.steps = Steps(watch.stepped) if watch.stepwise else None
        self.interrupted: Worker | None = None  # who ran before new threads were let come to their first step
        self.enabled: tuple[int, ...] = ()  # who could go on where the run was paused
        self.on_stop: Callable[[], None] = lambda: None
        self.on_armed: Callable[[], None] = lambda: None
        self.bootstrap: Callable[[Worker, Callable[[], Any]], None] | None = None

    # Threads

    def me(self) -> Worker | None:
        """Give the worker that calls, None for a thread that is not of this run."""
        current = self.current
        return current if current.ident == get_ident() else None

    def new_worker(self, name: str | None = None) -> Worker:
        """Add a thread, not yet running."""
        count = len(self.threads)
        index = count if count < self.main_index else count + 1
        letter = index if index < self.main_index else index - 1
        worker = Worker(index, name or thread_name(letter))
        self.threads.append(worker)
        return worker

    def launch(self, worker: Worker, target: Callable[[], Any]) -> None:
        """Give a worker its real thread, which waits for the baton."""
        assert self.bootstrap is not None
        carrier = worker.carrier = self.carriers.take()
        worker.go, worker.ident = carrier.go, carrier.ident
        carrier.job = partial(self.bootstrap, worker, target)

    # Points

    def step(self, me: Worker, point: Point, frame: FrameType) -> None:
        """Stop a thread before an instruction that may touch something shared."""
        if point.operation == "loop":
            # No stop. But a loop that goes round without any may wait for what nobody stores to.
            me.rounds += 1
            if me.rounds == QUIET_ROUNDS:
                self.grown |= self.containers.arm()
            if me.rounds == ROUNDS and self.watch.arm_all():
                self.grown = True
                self.on_armed()
            return
        me.rounds = 0
        if point.writes:
            me.visits.clear()
            me.seen.clear()
        else:
            if me.others != self.version - me.bumps:
                me.others = self.version - me.bumps
                me.visits.clear()
                me.seen.clear()
            count = me.visits.get(point, 0) + 1
            me.visits[point] = count
            if count >= SAME:
                self._look_for_spin(me, point, frame)
        self.pause(me, point)
        if point.writes:
            self.changed(me)
            if point.operation == "write" and self.watch.note_store(point):
                self.grown = True

    def pause(self, me: Worker, about: Any = None) -> None:
        """Let another thread go on here, before what this one is `about` to do, if the plan says so."""
        if self.aborting:
            self.die(me)
        if self.steps and me is not self.main and not self.steps.begins(me.index, about) and self.runnable(me):
            return
        if self.containers.noted and self.containers.version != self.version:
            self.grown |= self.containers.compare(self.version)
        self.points += 1
        if self.points > MAX_POINTS:
            self.stop("uncontrolled", reason=f"one run takes more than {MAX_POINTS:,} steps; do fewer rounds")
            self.hand_back(me)
        target = self.choose()
        if target is me:
            self.stretch += 1
            return
        self.stretch = 0
        me.revived = False
        self._hand_over(me, target)

    def wait(
        self,
        me: Worker,
        ready: Callable[[], bool],
        kind: str,
        what: Any,
        deadline: float | None = None,
        *,
        sleeping: bool = False,
    ) -> bool:
        """Stop a thread until `ready` holds (True) or the virtual clock reaches the deadline (False)."""
        me.ready, me.deadline, me.sleeping, me.wait = ready, deadline, sleeping, (kind, what)
        self.asleep += sleeping
        try:
            while True:
                self.pause(me)
                if ready():
                    me.timeouts = 0 if deadline is not None else me.timeouts
                    return True
                if deadline is not None and self.now >= deadline:
                    me.timeouts += not sleeping
                    return False
                if me is self.main:
                    raise Stuck
        finally:
            me.ready, me.deadline, me.sleeping, me.wait = None, None, False, ("", None)
            self.asleep -= sleeping

    def changed(self, me: Worker | None) -> None:
        """Say that a thread changed something others may wait for."""
        self.version += 1
        if me is not None:
            me.bumps += 1

    def read_clock(self, me: Worker | None) -> float:
        """Give the virtual time in seconds. Reading moves it, ever faster while nothing else does."""
        self.clock_reads += 1
        self.now += 1e-6 * 2.0 ** min(self.clock_reads // 16, 24)
        if me is not None:
            me.visits.clear()
            me.seen.clear()
        return self.now

    def _look_for_spin(self, me: Worker, point: Point, frame: FrameType) -> None:
        """Park a thread that comes back to a point with nothing changed, until another changes something.

        Where only numbers changed (it counts its rounds) it takes many more rounds to be sure.
        """
        state: list[Any] = []
        f: FrameType | None = frame
        while f is not None:
            if self.watch.stepped(f.f_code.co_filename):
                state.append((f.f_lasti,))
                state.extend(variables(f).values())
            f = f.f_back
        before, same, counting = me.seen.get(point, ((), 0, 0))
        pairs = list(zip(before, state, strict=False)) if len(before) == len(state) else []
        same = same + 1 if pairs and all(_alike(a, b) for a, b in pairs) else 0
        counts = pairs and point.shape != "iterator" and all(_alike(a, b) or _numbers(a, b) for a, b in pairs)
        counting = counting + 1 if counts else 0
        if same >= SAME or counting >= COUNTED:
            me.parked = self.version
            counting = COUNTED - COUNTED // 10
        me.seen[point] = (state, same, counting)

    # Choosing

    def runnable(self, thread: Worker) -> bool:
        """Say whether a thread could go on now."""
        if thread.done or thread.idle or thread.parked == self.version:
            return False
        return thread.ready is None or thread.ready() or (thread.deadline is not None and thread.deadline <= self.now)

    def choose(self) -> Worker:
        """Decide which thread goes on. The main thread, where none can."""
        if self.steps and (new := next((t for t in self.threads if not t.begun), None)):
            new.begun = True  # up to its first step it does nothing that others could see
            self.interrupted = self.interrupted or self.current
            return new
        before, self.interrupted = self.interrupted or self.current, None
        # The usual case of `runnable` comes first, written out: this runs at every point.
        version = self.version
        runnable = [
            t
            for t in self.threads
            if not t.done and (self.runnable(t) if t.ready is not None else t.parked != version and not t.idle)
        ]
        if not self.main.idle and self.runnable(self.main):
            runnable.append(self.main)
        if not runnable:
            return self._unblock()
        current: Worker | None = before if before in runnable else None
        if len(runnable) == 1:
            current = runnable[0]
        enabled = runnable
        if current is not None:
            # A thread that sleeps may be the faster one all the same, but only by preempting another.
            sleepers = self.asleep and [t for t in self.threads if t.sleeping and not t.done and t not in runnable]
            if not sleepers and len(runnable) == 1 and not self.steps:
                return current
            enabled = runnable + sleepers if sleepers else runnable
        return self._decide(enabled, current)

    def _decide(self, enabled: list[Worker], current: Worker | None) -> Worker:
        if self.steps and not self.main.idle:
            return current or enabled[0]  # set-up and observation are not for the learner to step through
        indices = tuple(t.index for t in enabled)
        # Threads that time out and try again in step would do so for ever: who timed out more often lets the
        # other go first. So does one that spins: it may have been parked with a lock that others wait for.
        tired = current is not None and (
            self.stretch >= QUANTUM
            or current.revived
            or (
                current.timeouts > PATIENCE
                and any((t.timeouts, t.index) < (current.timeouts, current.index) for t in enabled)
            )
        )
        forced = tired and current is self.current
        number = len(self.decisions)
        chosen: Worker | None
        if number < len(self.plan.schedule):
            wanted = self.plan.schedule[number]
            chosen = next((t for t in enabled if t.index == wanted), None)
            if chosen is None:
                self.stop("diverged")
                return self.main
        elif self.plan.pause:
            self.enabled = indices
            self.stop("paused")
            return self.main
        elif forced:
            chosen = next((t for t in enabled if current and t.index > current.index), enabled[0])
            if chosen is current:
                chosen = enabled[1]
        elif self.random and (current is None or self.random.random() < self.restless):
            chosen = self.random.choice(enabled)
        else:
            chosen = current or enabled[0]
        self.decisions.append(Decision(chosen.index, indices, current.index if current else None, forced))
        if chosen.sleeping and chosen.deadline is not None and chosen.deadline > self.now:
            self._jump(chosen.deadline)
        return chosen

    def _jump(self, deadline: float) -> None:
        self.now = max(self.now, deadline)
        self.clock_reads = 0

    def _unblock(self) -> Worker:
        """Nobody can go on: let time pass, then let the spinning go on, then ask the main thread."""
        if self.ending is not None:
            return self.main
        alive = [t for t in self.threads if not t.done]
        wanted = any(not (t.daemon or t.background) for t in alive) or not self.main.idle
        if wanted:
            timed = [t for t in (*alive, self.main) if t.deadline is not None]
            if timed:
                first = min(timed, key=lambda t: t.deadline or 0.0)
                assert first.deadline is not None
                self._jump(first.deadline)
                first.parked = -1
                return self._decide([first], None) if self.steps else first
        spinning = [t for t in alive if t.parked == self.version and t.ready is None]
        if spinning and wanted:
            # One that nobody waits for is no livelock by itself, but it may hold what another does wait for.
            needed = any(not (t.daemon or t.background) for t in spinning)
            self.revivals += needed or self.version == self.revived_at
            self.revived_at = self.version
            if self.revivals > REVIVALS:
                if needed:
                    self.stop("livelock")
                return self.main
            for thread in spinning:
                thread.parked, thread.revived = -1, True
            return spinning[0] if len(spinning) == 1 else self._decide(spinning, None)
        return self.main

    # Handing over and ending

    def _hand_over(self, me: Worker, target: Worker) -> None:
        if self.containers.noted:
            self.grown |= self.containers.compare(self.version)
        self.current = target
        target.go.release()
        if me is self.main:
            self.await_main()
        else:
            me.go.acquire()
        if self.aborting:
            self.die(me)

    def await_main(self) -> None:
        """Wait until the main thread is given the baton. The executor puts a watching one in its place."""
        self.main.go.acquire()

    def hand_back(self, me: Worker) -> None:
        """Give the baton to the main thread, because the run is over."""
        if me is self.main:
            raise Stuck
        self._hand_over(me, self.main)

    def leave(self, me: Worker) -> None:
        """End a thread: the baton goes on without it."""
        me.done = True
        if self.aborting or self.current is not me:
            return
        self.changed(None)
        if self.containers.noted:
            self.grown |= self.containers.compare(self.version)
        self.stretch = 0
        target = self.choose()
        self.current = target
        target.go.release()

    def stop(self, ending: Ending, message: str = "", reason: str | None = None) -> None:
        """Say how the run ended. The first word counts."""
        if self.ending is None:
            self.ending, self.message, self.reason = ending, message, reason
            self.on_stop()

    def die(self, me: Worker) -> None:
        """Unwind a thread of a run that is over; one that swallows this every time is stopped for good."""
        if me is self.main:
            return
        me.aborted += 1
        if me.aborted > 1_000 and me.carrier is not None:
            me.carrier.spent = True
            me.carrier.ended.release()
            (lock := allocate_lock()).acquire()
            lock.acquire()
        raise Abort


def _alike(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, int | float | str | bytes | tuple) and a == b)


def _numbers(a: Any, b: Any) -> bool:
    return isinstance(a, int | float) and isinstance(b, int | float)


class Control:
    """The scheduler of the run that goes on in this process, None between runs; and what runs left behind."""

    scheduler: Scheduler | None = None
    last_time = START_TIME  # what the clock says between runs
    home = 0  # ident of the thread that explores
    ghosts: set[int] = set()  # idents of threads that could not be ended  # noqa: RUF012


def scheduled() -> tuple[Scheduler, Worker] | tuple[None, None]:
    """Give the scheduler and the calling worker, (None, None) for a thread that is not under control."""
    scheduler = Control.scheduler
    if scheduler is None:
        if Control.ghosts and get_ident() in Control.ghosts:
            raise Abort
        return None, None
    me = scheduler.me()
    if me is None:
        if get_ident() in Control.ghosts:
            raise Abort
        if scheduler.aborting and (mine := _dying(scheduler)) is not None:
            return scheduler, mine
        return None, None
    return scheduler, me


def _dying(scheduler: Scheduler) -> Worker | None:
    ident = get_ident()
    return next((t for t in scheduler.threads if t.ident == ident and not t.done), None)


def caller(depth: int = 1) -> FrameType:
    """Give the frame of the function that called the caller."""
    return sys._getframe(depth + 1)
