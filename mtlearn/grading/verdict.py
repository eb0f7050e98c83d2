"""A verdict is evidence: one result for each check, and what follows from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import msgspec

from mtlearn.interleave.result import Outcome
from mtlearn.interleave.trace import FORMAT, Interleaving

Status = Literal["pass", "fail", "unchecked"]
VerdictStatus = Literal["pass", "fail", "error"]


class Failure(Exception):
    """The learner's code is wrong: what was seen, and what may help."""

    def __init__(self, message: str, help: str = "", interleaving: Breaking | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.interleaving = interleaving


class Unwritten(Failure):
    """What the check calls is still to be written."""


class NoAnswer(Failure):
    """It did not answer: its process hangs, or ended before that."""


class Unchecked(Failure):
    """The check could not be made, and why; neither right nor wrong."""


class Settled(Exception):
    """A replayed interleaving no longer breaks the code: the check ends here, and did not fail."""


@dataclass(frozen=True)
class Replay:
    """One order of steps to run again: in which check it was found, on which scenario, and its schedule.

    `watched` is what the explorer had learnt to watch by then, `numbers` the seed of what the program draws; without
    them, the schedule does not mean the same.
    """

    exercise: str
    runtime: str
    check: str
    scenario: str
    params: dict[str, Any]
    schedule: tuple[int, ...]
    watched: tuple[str, ...]
    numbers: int = 0


@dataclass(frozen=True)
class Scope:
    """How far the explorations of one check went: as far as the least of them.

    `schedules` were run, all together; `max_preemptions` is the bound that was completed, None where none was;
    `exhausted` says that no order of steps that differs was left out, `classes` how many there are, where that is
    known.
    """

    outcome: Outcome
    schedules: int
    max_preemptions: int | None = None
    exhausted: bool = False
    classes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Breaking(Interleaving):
    """An order of steps that breaks the code, and the scenario that it was found in, with its parameters."""

    scenario: str
    params: dict[str, Any]
    format: int = FORMAT

    @classmethod
    def of(cls, found: Interleaving, scenario: str, params: dict[str, Any]) -> Breaking:
        """An interleaving that was found in this scenario."""
        return cls(**{each.name: getattr(found, each.name) for each in fields(found)}, scenario=scenario, params=params)


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    label         the sentence the learner reads, from the check's docstring
    scope         how far an exploration went; None for a real run
    interleaving  the order of steps that breaks the code, where one was found
    unwritten     whether it failed because what it calls is still to be written
    """

    name: str
    label: str
    status: Status
    message: str = ""
    help: str = ""
    scope: Scope | None = None
    interleaving: Breaking | None = None
    unwritten: bool = False


class VerdictDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `mtlearn check --json` writes, and what a kept interleaving lies in."""

    version: Literal[1] = 1
    exercise: str
    runtime: str
    file: str
    status: VerdictStatus
    checks: tuple[CheckResult, ...]
    seconds: float | None


@dataclass(frozen=True)
class Verdict:
    """All checks of one file; `seconds` is how long grading took; a replay, always the same, tells none."""

    exercise: str
    runtime: str
    file: Path
    checks: tuple[CheckResult, ...]
    seconds: float | None

    @property
    def status(self) -> VerdictStatus:
        """ "pass" needs every check to pass; an unchecked one without a failure is an "error"."""
        statuses = {check.status for check in self.checks}
        if "fail" in statuses:
            return "fail"
        return "pass" if statuses == {"pass"} else "error"

    @property
    def document(self) -> VerdictDocument:
        """The verdict as it is written: `written` makes text of it."""
        return VerdictDocument(
            exercise=self.exercise,
            runtime=self.runtime,
            file=str(self.file),
            status=self.status,
            checks=self.checks,
            seconds=None if self.seconds is None else round(self.seconds, 3),
        )


def replay_of(text: str) -> Replay:
    """The interleaving in what `mtlearn check --json` wrote. Raises ValueError where there is none in it."""
    try:
        verdict = msgspec.convert(json.loads(text), VerdictDocument)
    except msgspec.MsgspecError as error:
        raise ValueError(f"it is not what `mtlearn check --json` writes ({error})") from error
    for check in verdict.checks:
        if found := check.interleaving:
            where = (verdict.exercise, verdict.runtime, check.name, found.scenario, found.params)
            return Replay(*where, found.schedule, found.watched, found.numbers)
    raise ValueError("no check in it has an interleaving")
