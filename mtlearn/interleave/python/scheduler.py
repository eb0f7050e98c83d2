"""One baton for real threads: only its holder runs, and at each point the plan says who is next.

The thread at a point decides itself and wakes another only for a switch. The main thread sets the program up,
waits until nothing else can go on, and then says how it ended.
"""

from __future__ import annotations

from _thread import allocate_lock, get_ident  # the real ones: the names are replaced during a run
from collections.abc import Callable
from functools import partial
from inspect import CO_GENERATOR
from sys import gettrace, settrace  # a program that calls it by its name is stopped
from types import FrameType
from typing import Any

from mtlearn.interleave.python.arrays import large
from mtlearn.interleave.python.choices import Choices, is_near
from mtlearn.interleave.python.endless import ASKED_AT
from mtlearn.interleave.python.spins import SAME, spins
from mtlearn.interleave.python.worker import Abort, Stuck, Worker
from mtlearn.interleave.python.yield_points import YieldPoint
from mtlearn.interleave.trace import thread_name

MAX_POINTS = 200_000  # points in one run
ROUNDS = 10_000  # rounds of a loop without a point, after which reads of what nobody stores to are points
QUIET_ROUNDS = 500  # the same, after which reads of containers that nobody changed are


class Scheduler(Choices):
    """Runs the threads of one execution."""

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

    def step(self, me: Worker, point: YieldPoint, frame: FrameType) -> None:
        """Stop a thread before an instruction that may touch something shared."""
        if point.operation == "loop":
            # No stop. But a loop that goes round without any may wait for what nobody stores to.
            me.rounds += 1
            if me.rounds == QUIET_ROUNDS:
                self.grown |= self.containers.yield_at_reads()
            if me.rounds == ROUNDS:
                self.yield_everywhere()
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
            if me.patient:
                if self._goes_round(me, point, count):
                    return
            elif count >= SAME and spins(me, point, frame, self.watch.stepped):
                self._park(me, point)
        coming = self.footprints.at(point, frame)
        if point.code.co_flags & CO_GENERATOR:
            self.shared.has_generator(frame, begins=point.begins)  # keeps it: others may let go of it meanwhile
        self.pause(me, point)
        self.footprints.passes(coming)
        if point.in_place is not None and (array := large(point.in_place, frame)) is not None:
            was = array.copy()
            self.pause(me, point)
            self.footprints.passes(coming)
            array[...] = was  # it had been read before
        if self.endless is not None:
            self.endless.note(me, point, frame, self.points)
        if point.writes:
            self.changed(me)
            if point.operation == "write" and self.watch.note_store(point):
                self.grown = True

    def yield_everywhere(self) -> None:
        """Stop at all that is read from now on: some loop may wait for what nobody seems to store to."""
        if self.watch.yield_everywhere():
            self.grown = True
            self.on_more_points()

    def _goes_round(self, me: Worker, point: YieldPoint, count: int) -> bool:
        """Let a thread that was found to spin go on as long as it does; True where it is still at it.

        Nobody else runs meanwhile: between equal rounds that would make no difference. What never ends, as far as
        can be seen, is not tried again.
        """
        if count > 1:
            me.patient -= 1
            if me.patient:
                self.points += 1
                return not self.aborting
            found = me.spins_at or point  # where it was found to spin: a round may have more points than one
            self.grown |= self.watch.note_endless(found)
            self._park(me, found)
        me.patient = 0
        return False

    def _park(self, me: Worker, point: YieldPoint) -> None:
        """Let a thread that spins wait for a change. A task goes on to the end of its step: others of its loop may."""
        self.footprints.not_told()
        if me.task is not None and not (me.spins and me.spins_at is point):
            me.spins, me.spins_at = True, me.spins_at if me.spins else point
        else:
            me.parked, me.spins_at = self.version, point

    def pause(self, me: Worker, about: Any = None) -> None:
        """Let another thread go on here, before what this one is `about` to do, if the plan says so."""
        if self.aborting:
            self.die(me)
        if about is None and me.ready is None:
            self.footprints.not_told()
        if self.steps and me is not self.main:
            if me.task is not None and all(t.host is me.host or t.done for t in self.threads):
                return  # nobody can come in before the task awaits: that is its step
            if not self.steps.begins(me.index, about) and self.runnable(me):
                return
        self.turn(me)

    def turn(self, me: Worker) -> None:
        """Let the one go on that the plan says, at a point of a thread or between two steps of its event loop."""
        if self.aborting:
            self.die(me)
        if self.containers.noted and self.containers.version != self.version:
            self.grown |= self.containers.compare(self.version)
        self.points += 1
        if self.points == ASKED_AT and self._is_endless():
            self.stop("livelock")
            self.hand_back(me)
        if self.points > MAX_POINTS:
            self.shared.left_out[f"what comes after {MAX_POINTS:,} steps of a run"] = None
            self.stop("truncated")
            self.hand_back(me)
        target = self.next_step()
        if target is me:
            self.stretch += 1
            return
        self.stretch = 0
        me.revived = False
        self._hand_over(me, target)

    def _is_endless(self) -> bool:
        """Say whether all that can go on do so for ever, and one of them is waited for."""
        endless, self.endless = self.endless, None
        alive = [t for t in self.threads if not t.done]
        if endless is None or any(t.deadline is not None or t.task is not None for t in alive):
            return False
        going = [t for t in alive if t.ready is None or t.ready()]
        needed = any(not (t.daemon or t.background) for t in going)
        return needed and endless.is_so(going, self.points)

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
        limited = deadline is not None and (
            is_near(deadline - self.now, sleeping=sleeping) or (sleeping and self.steps is not None)
        )
        me.ready, me.deadline, me.limited, me.wait = ready, deadline, limited, (kind, what)
        self.limited += limited
        if limited or kind not in ("lock", "condition", "join"):
            self.footprints.not_told()
        if trace := gettrace():
            settrace(None)  # before Python 3.12: or it would be told of each call that is made here
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
            me.ready, me.deadline, me.limited, me.wait = None, None, False, ("", None)
            self.limited -= limited
            if trace:
                settrace(trace)

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
        self.unfinished -= me.index < self.main_index
        if self.aborting or self.current is not me:
            return
        self.changed(None)
        if self.containers.noted:
            self.grown |= self.containers.compare(self.version)
        self.stretch = 0
        if me.index > self.main_index:
            self.footprints.touch(("ended", me.index), "frees")
        target = self.next_step()
        self.current = target
        target.go.release()

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
