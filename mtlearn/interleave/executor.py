"""What the search asks of a runtime: run this plan once, and say which threads could have run instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, Protocol

from mtlearn.interleave.trace import Runtime, Step, Waiting

Ending = Literal[
    "finished", "exception", "deadlock", "livelock", "busy loop", "blocked", "diverged", "uncontrolled", "paused"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule to follow: one thread index for each decision, then the tail policy.

    With `seed` None the tail runs on without preemption (the lowest index where the current thread cannot),
    otherwise it is random under that seed. `detail` asks for steps with source lines and values. `watched` is
    what an earlier process had learnt to watch (`Execution.watched`): with it its schedule means the same.
    With `pause` there is no tail: the run stops where the schedule ends and tells what comes next.
    """

    schedule: tuple[int, ...] = ()
    seed: int | None = None
    detail: bool = False
    watched: tuple[str, ...] = ()
    pause: bool = False


class Decision(NamedTuple):
    """A point where more than one thread could go on.

    `current` is the thread that ran before, if it still could; `forced` marks a switch made for fairness:
    there switching is free, and going on instead is what costs.
    """

    chosen: int
    enabled: tuple[int, ...]
    current: int | None = None
    forced: bool = False

    def cost(self, thread: int) -> int:
        """Count the preemptions that choosing this thread costs: 0 or 1."""
        if self.current is None:
            return 0
        return int((thread == self.current) if self.forced else (thread != self.current))


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of the program under one plan.

    `observation` is the JSON value that was observed when it finished; `reason` says what was uncontrolled;
    `grown` says that the run met something shared that earlier runs did not watch: what was tried before
    must be tried again; `spent` that no other run will do: something of it goes on, or it took its process with it.

    Where detail was asked for, `state` says what the shared memory holds at the end: (place, value) pairs. Of a run
    that was paused, `enabled` are the threads that can go on, `next` is the step that each thread which has not
    ended would take, a read with the value it would give now, and `waiting` tells of those that cannot.
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
    enabled: tuple[int, ...] = ()
    next: tuple[Step, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object that `from_json` reads back into an equal value."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Execution:
        """Read what `to_json` gave."""
        read: dict[str, Callable[[Any], Any]] = {
            "decisions": lambda d: Decision(d[0], tuple(d[1]), *d[2:]),
            "waiting": lambda d: Waiting(**d),
            "steps": lambda d: Step(**d),
            "next": lambda d: Step(**d),
            "state": tuple,
        }
        lists = {name: tuple(map(read.get(name, _itself), held)) for name, held in data.items() if _is_list(held)}
        return cls(**{**data, **lists, "observation": data["observation"]})


def _itself(value: Any) -> Any:
    return value


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


class Executor(Protocol):
    """A runtime under control."""

    runtime: Runtime
    batch: int  # how many plans it likes to be handed at once

    def run(self, plans: Sequence[Plan]) -> Iterable[Execution]:
        """Run every plan once, in order; may be lazy."""

    def close(self) -> None:
        """Leave nothing running."""
