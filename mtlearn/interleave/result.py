"""What an exploration found, and how far it may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mtlearn.interleave.trace import Interleaving

Outcome = Literal["proven", "not refuted", "refuted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an exploration with its scope.

    `schedules` were run (the failing one is the last), in `seconds` of wall-clock time; `max_preemptions` is
    the bound that was completed, None if none was; `reason` says why it is unchecked or was cut.
    """

    outcome: Outcome
    schedules: int
    seconds: float
    max_preemptions: int | None = None
    reason: str | None = None
    findings: tuple[str, ...] = ()
    counterexample: Interleaving | None = None

    @property
    def scope(self) -> str:
        """Say in words what was and what was not looked at."""
        ran = f"{self.schedules:,} schedule{'' if self.schedules == 1 else 's'}"
        took = f"{self.seconds:.1f} s"
        if self.outcome == "proven":
            switches = "1 preemption" if self.max_preemptions == 1 else f"{self.max_preemptions} preemptions"
            return f"no order of steps with up to {switches} breaks it ({ran}, {took})"
        if self.outcome == "not refuted":
            cut = f"; {self.reason}" if self.reason else ""
            return f"no failure in {ran}, {took}{cut}"
        if self.outcome == "refuted":
            return f"broken by schedule {self.schedules:,}, {took}"
        return f"unchecked, because {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """Give the result as a JSON object."""
        return {
            "outcome": self.outcome,
            "schedules": self.schedules,
            "seconds": round(self.seconds, 3),
            "max_preemptions": self.max_preemptions,
            "reason": self.reason,
            "findings": list(self.findings),
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
        }
