"""What the search asks of a runtime: run this plan once, and say which threads could have run instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from mtlearn.interleave.trace import Runtime, Step, Thrown, Waiting

Ending = Literal[
    "finished", "exception", "deadlock", "livelock", "busy loop", "blocked", "diverged", "uncontrolled", "paused",
    "truncated",
]  # fmt: skip


# What a step touches, from the general to the particular: () is everything, ("item", 3, 0) is an element of the third
# of the containers. Two locations overlap where one begins with the other.
Location = tuple[str | int, ...]
How = Literal["reads", "writes", "takes", "frees", "awaits"]


class Touch(NamedTuple):
    """One location that a step touches, and how.

    Of what can be waited for: a step that "takes" it waited until it was free, one that "awaits" it until it had come
    about; and one that "frees" it lets such steps happen. All but "reads" and "awaits" may change what others see.
    """

    location: Location
    how: How


class Move(NamedTuple):
    """A step of one thread, from one point at which another could have gone on to its next.

    `decided` says that there was a decision before it, `preempts` that the thread which ran before could have gone on.
    """

    thread: int
    touched: tuple[Touch, ...] = ()
    decided: bool = False
    preempts: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule to follow: one thread index for each decision, then the tail policy.

    With `moves` it is one thread index for each move instead, whether there is a decision before it or not.

    With `seed` None the tail runs on without preemption (the lowest index where the current thread cannot),
    otherwise it is random under that seed. `detail` asks for steps with source lines and values. `watched` is
    what an earlier process had learnt to watch (`Execution.watched`): with it its schedule means the same.
    With `pause` there is no tail: the run stops where the schedule ends and tells what comes next. `numbers` seeds
    what the program itself draws: random numbers, identifiers.
    """

    schedule: tuple[int, ...] = ()
    seed: int | None = None
    detail: bool = False
    watched: tuple[str, ...] = ()
    pause: bool = False
    numbers: int = 0
    moves: tuple[int, ...] = ()


class Decision(NamedTuple):
    """A point where more than one thread could go on.

    `current` is the thread that ran before, if it still could; `forced` marks a switch made for fairness:
    there switching is free, and going on instead is what costs. Choosing one of the `costly` costs always.
    """

    chosen: int
    enabled: tuple[int, ...]
    current: int | None = None
    forced: bool = False
    costly: tuple[int, ...] = ()

    def cost(self, thread: int) -> int:
        """Count the preemptions that choosing this thread costs: 0 or 1."""
        if self.current is None:
            return int(thread in self.costly)
        return int((thread == self.current) if self.forced else (thread != self.current))


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of the program under one plan.

    `observation` is the JSON value that was observed when it finished; `thrown` is the error that ended it with
    "exception", None where the whole process ended; `reason` says what was uncontrolled;
    `grown` says that the run met something shared that earlier runs did not watch: what was tried before
    must be tried again; `spent` that no other run will do: something of it goes on, or it took its process with it.
    `left_out` names what the run met and no schedule decides; `drew` says that it drew random numbers, under the
    seed `numbers`. A run that is "truncated" took too many steps to be
    run to its end. `moves` are its steps with what they touched, None where that cannot be told.

    Where detail was asked for, `state` says what the shared memory holds at the end: (location, value) pairs. Of a run
    that was paused, `enabled` are the threads that can go on, `next` is the step that each thread which has not
    ended would take, a read with the value it would give now, and `waiting` tells of those that cannot; `local` is what
    the threads' own variables hold, as (thread, pairs), in a runtime that tells that.
    """

    decisions: Sequence[Decision]
    ending: Ending
    observation: Any = None
    message: str = ""
    waiting: tuple[Waiting, ...] = ()
    steps: tuple[Step, ...] = ()
    threads: tuple[str, ...] = ()
    reason: str | None = None
    findings: tuple[str, ...] = ()
    grown: bool = False
    spent: bool = False
    watched: tuple[str, ...] = ()
    state: tuple[tuple[str, str], ...] = ()
    local: tuple[tuple[int, tuple[tuple[str, str], ...]], ...] = ()
    enabled: tuple[int, ...] = ()
    next: tuple[Step, ...] = ()
    thrown: Thrown | None = None
    left_out: tuple[str, ...] = ()
    drew: bool = False
    numbers: int = 0
    moves: Sequence[Move] | None = None


class Executor(Protocol):
    """A runtime under control."""

    runtime: Runtime

    @property
    def batch(self) -> int:
        """Give how many plans it likes to be handed at once."""

    def run(self, plans: Sequence[Plan]) -> Iterable[Execution]:
        """Run every plan once, in order; may be lazy."""

    def close(self) -> None:
        """Leave nothing running."""


SAMPLES = (1, 7, 40)  # of the runs of an exploration, those that are made again in another process


class Impossible(Exception):
    """What a process tells of the runs it has made cannot be."""


def fits(plan: Plan, execution: Execution) -> bool:
    """Say whether a run could have come of a plan: as far as both go, the threads that it names ran, and could run."""
    if plan.pause or execution.ending == "diverged":
        return True
    if plan.moves:
        return all(m.thread == thread for m, thread in zip(execution.moves or (), plan.moves, strict=False))
    followed = zip(execution.decisions, plan.schedule, strict=False)
    return all(decision.chosen == thread and thread in decision.enabled for decision, thread in followed)
