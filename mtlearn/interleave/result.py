"""What an exploration found, and how far it may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mtlearn.interleave.trace import Interleaving

Outcome = Literal["proven", "not refuted", "refuted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an exploration with its scope.

    `schedules` were run (the failing one is the last), in `seconds` of wall-clock time; a replay tells none, so that it
    is the same to the last letter each time. It is "proven" where all
    orders of steps that differ were run, as `exhausted` says too, and `classes` how many there are, where that is
    known; otherwise `max_preemptions` is the bound up to
    which they were, None if there is none. `left_out` names what no schedule decided, such as the program's random
    numbers: then nothing is proven. `reason` says why it is unchecked or was cut.
    """

    outcome: Outcome
    schedules: int
    seconds: float | None
    max_preemptions: int | None = None
    exhausted: bool = False
    classes: int | None = None
    reason: str | None = None
    findings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    counterexample: Interleaving | None = None

    @property
    def scope(self) -> str:
        """Say in words what was and what was not looked at."""
        ran = f"{self.schedules:,} schedule{'' if self.schedules == 1 else 's'}"
        took = "" if self.seconds is None else f", {self.seconds:.1f} s"
        cut = "".join(f"; {part}" for part in (*self.left_out, self.reason) if part)
        if self.outcome == "refuted":
            return f"broken by schedule {self.schedules:,}{took}"
        if self.outcome == "unchecked":
            return f"unchecked, because {self.reason}"
        if self.exhausted and self.classes is not None:
            return f"{all_orders(self.classes)} ({ran}{took}){cut}"
        if self.exhausted:
            return f"no order of steps breaks it ({ran}{took}){cut}"
        if self.max_preemptions is None:
            return f"no failure in {ran}{took}{cut}"
        return f"no order of steps with up to {counted(self.max_preemptions)} breaks it ({ran}{took}){cut}"

    def __str__(self) -> str:
        """Tell the verdict in a sentence, and the interleaving that breaks it, a line for each step."""
        if self.outcome == "unchecked":
            return f"unchecked: {self.reason}"
        if self.counterexample is not None:
            return f"refuted: {self.counterexample.message} ({self.scope})\n{self.counterexample}"
        if self.outcome == "not refuted" and self.max_preemptions is not None:
            return f"not refuted, exhausted up to {counted(self.max_preemptions)}: {self.scope}"
        return f"{self.outcome}: {self.scope}"

    def to_json(self) -> dict[str, Any]:
        """Give the result as a JSON object."""
        return {
            "outcome": self.outcome,
            "schedules": self.schedules,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "max_preemptions": self.max_preemptions,
            "exhausted": self.exhausted,
            "classes": self.classes,
            "reason": self.reason,
            "findings": list(self.findings),
            "left_out": list(self.left_out),
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
        }


def all_orders(classes: int) -> str:
    """Say that all orders were run that differ."""
    if classes == 1:
        return "no order of steps breaks it: no two differ, and one was run"
    return f"no order of steps breaks it: all {classes:,} that differ were run"


def counted(preemptions: int) -> str:
    """Say how many preemptions."""
    return f"{preemptions} preemption{'' if preemptions == 1 else 's'}"
