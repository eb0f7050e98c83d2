"""A claim is what a demo states; a finding is whether it held in one run, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class NotMeasured(Exception):
    """A claim asked for a row that this run could not measure; the text says why."""


class NoSuchRow(NotMeasured):
    """A claim asked for a row that the script, which ran to its end, never reports: a mistake in the course."""


@dataclass(frozen=True)
class Measured:
    """What one run measured, as claims, predictions and quiz answers see it.

    runtime     its label, "Node.js 24.19.0"; kind is "python" or "node"
    gil         True or False for Python, None for Node.js
    cores_free  cores that were free just before the run, or after it where these were fewer and it mattered
    rows        the result table, in the order of the script
    reason      why there are no rows, or not all
    version     the runtime's, as numbers: (3, 14, 0); empty where it is not known
    """

    runtime: str
    kind: str
    gil: bool | None
    cores_free: float
    rows: tuple[Mapping[str, Any], ...]
    reason: str | None = None
    version: tuple[int, ...] = ()

    def row(self, variant: str | Mapping[str, str]) -> Mapping[str, Any]:
        """The row of a variant, or of the one that a mapping names for this kind of runtime.

        Raises NotMeasured when it was skipped or is not there.
        """
        variant = variant if isinstance(variant, str) else variant[self.kind]
        for row in self.rows:
            if row["variant"] == variant:
                if "skipped" in row:
                    raise NotMeasured(str(row["skipped"]))
                return row
        if self.reason:
            raise NotMeasured(self.reason)
        raise NoSuchRow(f"`{variant}` was not measured")

    def has(self, variant: str) -> bool:
        """Whether the variant was measured in this run."""
        return any(row["variant"] == variant and "skipped" not in row for row in self.rows)


def first(runs: Iterable[Measured], kind: str) -> Measured:
    """The first run of this kind ("python", "node"). Raises NotMeasured when there is none."""
    for run in runs:
        if run.kind == kind:
            return run
    raise NotMeasured(f"no run in { {'python': 'Python', 'node': 'Node.js'}[kind] }")


def before(*version: int) -> Callable[[Measured], bool]:
    """Whether the runtime is older than this version: for `Claim.applies`, where CPython's innards have changed."""
    return lambda measured: measured.version < version


def has_gil(measured: Measured) -> bool:
    """Whether it is not a Python without a GIL: for `Claim.applies`."""
    return measured.gil is not False


def has_no_gil(measured: Measured) -> bool:
    """Whether it is a Python without a GIL: for `Claim.applies`."""
    return measured.gil is False


@dataclass(frozen=True)
class Finding:
    """Whether a claim held: True, False, or None where this machine cannot decide; with the figures.

    `faulty` says that the claim speaks of a row that the demo does not have; `unseen`, that it did not show, and may
    another time.
    """

    text: str
    holds: bool | None
    detail: str
    faulty: bool = False
    unseen: bool = False


RowJudge = Callable[[Measured], tuple[bool, str]]
"""Looks at the rows of a run and gives (holds, figures); it may raise NotMeasured."""


CHANCE = "which thread gets which turn"
CACHES = "whether the cores have caches of their own"
CORES = "how many cores the machine really lends"


@dataclass(frozen=True)
class Claim:
    """One sentence that a demo states, and how to judge it on the rows of a run.

    judge     gives (holds, figures); it may raise NotMeasured
    runtimes  the kinds of runtime the sentence is about
    cores     how many free cores it takes to see it: with fewer, a claim that did not show is undecided
    applies   a narrower choice of runs, such as builds without a GIL
    hangs_on  what decides it beside the runtime, such as luck: not to have seen it says nothing then
    """

    text: str
    judge: RowJudge
    runtimes: tuple[str, ...] = ("python", "node")
    cores: int = 0
    applies: Callable[[Measured], bool] = lambda measured: True
    hangs_on: str = ""

    def find(self, measured: Measured) -> Finding:
        """Judge the claim on one run."""
        try:
            holds, detail = self.judge(measured)
        except NotMeasured as missing:
            return Finding(self.text, None, f"not measured here: {missing}", isinstance(missing, NoSuchRow))
        # 0.7 of a core is what a busy scheduler leaves of one that is nearly free
        if not holds and measured.cores_free < self.cores - 0.3:
            need = f"needs {self.cores} free cores, {measured.cores_free:.1f} free now"
            return Finding(self.text, None, f"{need} ({detail})")
        if not holds and self.hangs_on:
            return Finding(self.text, None, f"not seen here; it hangs on {self.hangs_on} ({detail})", unseen=True)
        return Finding(self.text, holds, detail)


def findings(claims: tuple[Claim, ...], measured: Measured) -> tuple[Finding, ...]:
    """Every claim that speaks of this run's runtime, judged; none where the run measured nothing."""
    if not measured.rows:
        return ()
    return tuple(
        claim.find(measured) for claim in claims if measured.kind in claim.runtimes and claim.applies(measured)
    )
