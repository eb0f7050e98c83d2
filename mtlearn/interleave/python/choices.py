"""Who goes on: at each point the plan says, or what an ordinary scheduler would do; and how time passes.

Time is virtual: it jumps to the next deadline when nobody can run.
"""

from __future__ import annotations

import random
from _thread import get_ident  # the real one
from collections.abc import Callable, Sequence
from time import sleep as really_sleep
from typing import Any

from mtlearn.interleave.executor import Decision, Ending, Plan
from mtlearn.interleave.python.carriers import Carriers
from mtlearn.interleave.python.containers import Containers
from mtlearn.interleave.python.endless import Endless
from mtlearn.interleave.python.footprints import Footprints
from mtlearn.interleave.python.library import Shared
from mtlearn.interleave.python.steps import Steps
from mtlearn.interleave.python.watch import Watch
from mtlearn.interleave.python.worker import Worker

QUANTUM = 300  # points a thread runs while another could: then it must let it, for spins that are not seen
PATIENCE = 1  # time-outs in a row after which a thread lets others go first
LOOKS, LOOK_S = 32, 0.016  # reads with no change by others between, after which each takes so long
ALONE_READS = 160  # reads of the clock with no change between, after which only the clock can be waited for
PATIENT_ROUNDS = 2_000  # points of a loop that changes nothing, after which it is taken not to give up
REVIVALS = 50  # how often threads that all spin are let go on before it is a livelock
GENEROUS_S = 1.0  # a time-out of so many seconds or more is never the first to pass, unless all wait
LONG_SLEEP_S = 60.0  # the same of a sleep: who sleeps so long means for ever
HELD_UP_S = 1.0  # virtual time for which a thread may find all others held up, once its time passed first
LATE_LOOKS, LATE_S = 4, 0.001  # looks for what comes through a file, and wall-clock time before each
START_TIME = 1_000.0  # seconds on the virtual clock when a run begins


class Choices:
    """The threads of one run, and the choice of the one that goes on."""

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
        self.last_decision = Decision(-1, ())
        self.random = random.Random(plan.seed) if plan.seed is not None else None
        self.restless = self.random.choice((0.05, 0.2, 0.5, 1.0)) if self.random else 0.0
        self.now = START_TIME
        self.clock_reads = 0  # since time last passed by itself
        self.clock_quiet = 0  # since the shared state last changed
        self.clock_version = 0
        self.looks: tuple[Worker | None, int, int] = (None, 0, 0)  # by whom, what others had changed, how many
        self.looked = 0.0  # virtual time that they have taken since time last passed by itself
        self.points = 0
        self.limited = 0  # threads that are
        self.stretch = 0
        self.version = 0
        self.revivals = 0
        self.revived_at = -1  # the version of the shared state at the last revival
        self.grown = False
        self.containers = Containers(watch)
        self.endless: Endless | None = Endless(watch.stepped)  # None once it was asked
        self.shared = Shared()
        self.footprints = Footprints(watch, told=watch.tells and not plan.detail)
        self.goes_on = False  # the thread that ran before could
        self.aborting = False
        self.ending: Ending | None = None
        self.message = ""
        self.reason: str | None = None
        self.recorder: Any = None
        self.steps = Steps(watch.stepped) if watch.stepwise else None
        self.interrupted: Worker | None = None  # who ran before new threads were let come to their first step
        self.unfinished = main_index  # of the threads that were given
        self.early = False  # the main thread goes on although others could
        self.observed = False  # the main thread has looked at the state
        self.enabled: tuple[int, ...] = ()  # who could go on where the run was paused
        self.on_stop: Callable[[], None] = lambda: None
        self.on_more_points: Callable[[], None] = lambda: None
        self.bootstrap: Callable[[Worker, Callable[[], Any]], None] | None = None

    def changed(self, me: Worker | None) -> None:
        """Say that a thread changed something others may wait for."""
        self.version += 1
        if me is not None:
            me.bumps += 1

    def read_clock(self, me: Worker | None) -> float:
        """Give the virtual time in seconds. Reading moves it, so that who waits for a moment comes to it.

        Ever faster, up to a thousandth of a second. While no other thread changes anything a short deadline comes,
        though others could run; and a long one where nothing changes and nobody else could.
        """
        self.clock_reads += 1
        self.footprints.not_told()
        if self.clock_version != self.version:
            self.clock_version, self.clock_quiet = self.version, 0
        self.clock_quiet += 1
        doublings = min(self.clock_reads // 16, 10)
        if self.clock_quiet > ALONE_READS and not any(t is not me and self.runnable(t) for t in self.threads):
            doublings = min(self.clock_quiet // 16, 24)
        others = self.version - (me.bumps if me is not None else 0)
        self.looks = (me, others, self.looks[2] + 1 if self.looks[:2] == (me, others) else 1)
        if self.looks[2] > LOOKS and self.looked + LOOK_S < GENEROUS_S:
            self.looked += LOOK_S
            self.now += LOOK_S
        self.now += 1e-6 * 2.0**doublings
        if me is not None:
            me.visits.clear()
            me.seen.clear()
        return self.now

    # Choosing

    def runnable(self, thread: Worker) -> bool:
        """Say whether a thread could go on now."""
        if thread.done or thread.idle or thread.parked == self.version:
            return False
        return thread.ready is None or thread.ready() or (thread.deadline is not None and thread.deadline <= self.now)

    def next_step(self) -> Worker:
        """Begin a step of the thread that is to go on; the main thread, where none can."""
        footprints = self.footprints
        if not self.main.idle or self.observed:
            footprints.told &= not self.observed
            return self.choose()
        footprints.begun = True
        before, decisions = self.current, len(self.decisions)
        self.goes_on = False
        target = self.choose()
        if target is self.main:
            footprints.begun = False
        else:
            number = len(footprints.moves)
            if number < len(self.plan.moves) and self.plan.moves[number] != target.index:
                self.stop("diverged")
                return self.main
            decided = len(self.decisions) > decisions
            footprints.begins(target.index, decided=decided, preempts=self.goes_on and target is not before)
        return target

    def choose(self) -> Worker:
        """Decide which thread goes on. The main thread, where none can."""
        if self.steps and (new := next((t for t in self.threads if not t.begun), None)):
            new.begun = True  # up to its first step it does nothing that others could see
            self.interrupted = self.interrupted or self.current
            return new
        before, self.interrupted = self.interrupted or self.current, None
        if before.turns is not None:
            free = before.turns.free()
            before = free[0] if len(free) == 1 else self.main if free else before
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
        self.goes_on = current is not None
        if self.main.idle and not self.steps:
            if self.observed:
                return current or runnable[0]
            if not self.unfinished:
                self.footprints.not_told()
                # What is left need not come to anything before somebody looks at the state.
                return self._decide([*runnable, self.main], current)
            if before.parked == version and self._may_give_up(before):
                self.footprints.not_told()
                return self._decide([*runnable, before], None)
            if before.limited and self.is_ahead(before):
                chosen = self._decide([before, *runnable], None)
                if chosen is not before:
                    before.ahead = 0.0
                return chosen
        if len(runnable) == 1:
            current = runnable[0]
        enabled = runnable
        if current is not None:
            # The time of a thread that waits may pass all the same, but only by preempting another.
            timed = self.limited and self._timed(runnable)
            if not timed and len(runnable) == 1 and not self.steps:
                return current
            enabled = runnable + timed if timed else runnable
        elif any(t.host.turns for t in runnable):
            self.footprints.not_told()
            # In an event loop, another order than first come, first served costs a preemption, and so does time.
            free = [free for t in runnable if t.host.turns for free in t.host.turns.free()]
            timed = [t for t in self._timed(runnable) if t.host.turns]
            costly = [t for t in runnable if t.host.turns and t not in free] + timed
            return self._decide([t for t in runnable if t not in costly] + costly, None, costly)
        return self._decide(enabled, current)

    def _timed(self, runnable: list[Worker]) -> list[Worker]:
        """Give those whose time may pass first."""
        return [t for t in self.threads if t.limited and not t.done and t.parked != self.version and t not in runnable]

    def _decide(self, enabled: list[Worker], current: Worker | None, costly: Sequence[Worker] = ()) -> Worker:
        if self.steps and not self.main.idle:
            return current or enabled[0]  # set-up and observation are not for the learner to step through
        if self.steps and (host := next((t for t in enabled if t.turns is not None and self.runnable(t)), None)):
            return host  # nor is what an event loop does besides its tasks
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
        follows = self.plan.moves or self.plan.schedule
        number = len(self.footprints.moves) if self.plan.moves else len(self.decisions)
        chosen: Worker | None
        if number < len(follows):
            wanted = follows[number]
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
        before = current.index if current else None
        decision = Decision(chosen.index, indices, before, forced, tuple(t.index for t in costly))
        if decision == self.last_decision:
            decision = self.last_decision  # a long run holds few that differ
        self.last_decision = decision
        self.decisions.append(decision)
        if chosen is self.main:
            self.early = self.main.idle
        elif chosen.parked == self.version:
            self._let_go_round(chosen)
        if chosen.limited and chosen.deadline is not None and chosen.deadline > self.now and not self._ready(chosen):
            if not self.is_ahead(chosen):
                chosen.ahead = self.now + HELD_UP_S
            self._jump(chosen.deadline)
        return chosen

    def is_ahead(self, thread: Worker) -> bool:
        """Say whether its time passes at once, because all others are held up since its time passed first."""
        deadline = thread.deadline
        if deadline is None or not self.now < deadline <= thread.ahead or thread.parked == self.version:
            return False
        return not self._ready(thread)

    @staticmethod
    def _ready(thread: Worker) -> bool:
        return thread.ready is not None and thread.ready()

    def _may_give_up(self, thread: Worker) -> bool:
        """Say whether a thread that spins may do so only so many times."""
        at = thread.spins_at
        waits = thread.ready is not None and thread.task is None
        return at is not None and not thread.done and not waits and not self.watch.is_endless(at)

    def _let_go_round(self, thread: Worker) -> None:
        thread.parked, thread.patient = -1, PATIENT_ROUNDS

    def _jump(self, deadline: float) -> None:
        self.now = max(self.now, deadline)
        self.clock_reads, self.looked = 0, 0.0

    def _comes_late(self, alive: list[Worker]) -> bool:
        """Say whether what was sent through the system, and is not there at once, comes after a moment."""
        for _ in range(LATE_LOOKS):
            really_sleep(LATE_S)
            if any(map(self.runnable, alive)):
                return True
        return False

    def _unblock(self) -> Worker:
        """Nobody can go on: let time pass, then let the spinning go on, then ask the main thread."""
        if self.ending is not None:
            return self.main
        if self.footprints.told and any(t.wait[0] != "condition" for t in self.threads if not t.done):
            self.footprints.not_told()
        alive = [t for t in self.threads if not t.done and not t.host.done]
        wanted = any(not (t.daemon or t.background) for t in alive) or not self.main.idle
        if any(t.wait[0] == "file" for t in alive) and self._comes_late(alive):
            return self.choose()
        if wanted:
            timed = [t for t in (*alive, self.main) if t.deadline is not None and t.parked != self.version]
            if timed:
                first = min(timed, key=lambda t: t.deadline or 0.0)
                assert first.deadline is not None
                self._jump(first.deadline)
                first.parked = -1
                others = [t for t in timed if t.limited and t is not first] if first.host.turns else []
                if not self.unfinished and self.main.idle and not self.steps and not self.observed:
                    return self._decide([first, self.main], None)
                return self._decide([first, *others], first) if self.steps or others else first
        spinning = [t for t in alive if t.parked == self.version and (t.ready is None or t.task is not None)]
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
                if self._may_give_up(thread):
                    self._let_go_round(thread)
                thread.parked, thread.revived = -1, True
                if thread.deadline is not None and not self._ready(thread):
                    self._jump(thread.deadline)
            return spinning[0] if len(spinning) == 1 else self._decide(spinning, None)
        return self.main

    def stop(self, ending: Ending, message: str = "", reason: str | None = None) -> None:
        """Say how the run ended. The first word counts."""
        if self.ending is None:
            self.ending, self.message, self.reason = ending, message, reason
            self.on_stop()


def is_near(seconds: float, *, sleeping: bool) -> bool:
    """Say whether so long a time may pass before others do their next step; longer ones do when all wait."""
    return seconds < (LONG_SLEEP_S if sleeping else GENEROUS_S)
