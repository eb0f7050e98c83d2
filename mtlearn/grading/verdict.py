"""A verdict is evidence: one result for each check, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Status = Literal["pass", "fail", "unchecked"]


class Failure(Exception):
    """The learner's code is wrong: what was seen, and what may help."""

    def __init__(self, message: str, help: str = "", interleaving: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.interleaving = interleaving


class Unchecked(Failure):
    """The check could not be made, and why; neither right nor wrong."""


class Settled(Exception):
    """A replayed interleaving no longer breaks the code: the check ends here, and did not fail."""


@dataclass(frozen=True)
class Replay:
    """One order of steps to run again: in which check it was found, on which scenario, and its schedule.

    `watched` is what the explorer had learnt to watch by then; without it, the schedule does not mean the same.
    """

    exercise: str
    runtime: str
    check: str
    scenario: str
    params: dict[str, Any]
    schedule: tuple[int, ...]
    watched: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Any) -> Replay:
        """Read what `mtlearn check --json` wrote. Raises ValueError where there is no interleaving in it."""
        try:
            for check in data["checks"]:
                if found := check["interleaving"]:
                    return cls(
                        str(data["exercise"]),
                        str(data["runtime"]),
                        str(check["name"]),
                        str(found["scenario"]),
                        dict(found["params"]),
                        tuple(int(thread) for thread in found["schedule"]),
                        tuple(map(str, found.get("watched", ()))),
                    )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"it is not what `mtlearn check --json` writes ({error!r})") from error
        raise ValueError("no check in it has an interleaving")


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    label         the sentence the learner reads, from the check's docstring
    scope         how far an exploration went: outcome, schedules, max_preemptions; None for a real run
    interleaving  the order of steps that breaks the code, where one was found
    """

    name: str
    label: str
    status: Status
    message: str = ""
    help: str = ""
    scope: dict[str, Any] | None = None
    interleaving: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The check as `mtlearn check --json` writes it."""
        return {
            "name": self.name,
            "label": self.label,
            "status": self.status,
            "message": self.message,
            "help": self.help,
            "scope": self.scope,
            "interleaving": self.interleaving,
        }


@dataclass(frozen=True)
class Verdict:
    """All checks of one file; `seconds` is how long grading took."""

    exercise: str
    runtime: str
    file: Path
    checks: tuple[CheckResult, ...]
    seconds: float

    @property
    def status(self) -> Literal["pass", "fail", "error"]:
        """ "pass" needs every check to pass; an unchecked one without a failure is an "error"."""
        statuses = {check.status for check in self.checks}
        if "fail" in statuses:
            return "fail"
        return "pass" if statuses == {"pass"} else "error"

    def to_json(self) -> dict[str, Any]:
        """Version 1 of the JSON that `mtlearn check --json` writes."""
        return {
            "version": 1,
            "exercise": self.exercise,
            "runtime": self.runtime,
            "file": str(self.file),
            "status": self.status,
            "checks": [check.to_json() for check in self.checks],
            "seconds": round(self.seconds, 3),
        }
