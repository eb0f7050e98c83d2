"""What many claims and predictions ask of a run's rows: a ratio, every one of some rows, a share, a choice by size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtlearn.course.claim import Measured, NotMeasured, RowJudge, first
from mtlearn.course.figures import duration, percent, times
from mtlearn.course.lesson import Outcome

Row = Mapping[str, Any]
Variant = str | Mapping[str, str]
"""A row's variant, or the one that a mapping names for each kind of runtime."""
Variants = Variant | Sequence[str] | Mapping[str, Sequence[str]]
Cell = tuple[str, Variant]
"""A cell's name and the variant of its row."""
Happened = Callable[[tuple[Measured, ...]], Outcome]


def value(measured: Measured, cell: Cell) -> Any:
    """What stands in a cell. Raises NotMeasured where the row was skipped, or has nothing there."""
    name, variant = cell
    found = measured.row(variant).get(name)
    if found is None:
        raise NotMeasured("this system does not tell it")
    return found


def rows_of(measured: Measured, variants: Variants, *, there: bool = False) -> list[Row]:
    """The rows of these variants; with `there`, those that were measured, and one at least.

    Raises NotMeasured for a row that is not there.
    """
    named = variants if isinstance(variants, (str, Sequence)) else variants[measured.kind]
    names = (named,) if isinstance(named, str) else tuple(named)
    if there:
        names = tuple(name for name in names if measured.has(name)) or names[:1]
    return [measured.row(name) for name in names]


def ratio(
    more: Cell,
    less: Cell,
    *,
    over: float | None = None,
    under: float | None = None,
    form: Callable[[float], str] = duration,
) -> RowJudge:
    """The one cell holds more than `over`, or less than `under`, times what the other holds."""

    def judge(measured: Measured) -> tuple[bool, str]:
        a, b = value(measured, more), value(measured, less)
        found = a / (b or 1)  # 0 ns and 0 bytes are what a clock or a system cannot tell
        holds = (over is None or found > over) and (under is None or found < under)
        return holds, f"{form(a)} against {form(b)}: {times(found)}"

    return judge


def every(
    variants: Variants, holds: Callable[[Row], bool], told: Callable[[Row], str], *, there: bool = False
) -> RowJudge:
    """It holds for the row of each of these variants, each told in its own words.

    With `there`, those that were not measured (for want of a package, say) are left out.
    """

    def judge(measured: Measured) -> tuple[bool, str]:
        rows = rows_of(measured, variants, there=there)
        return all(map(holds, rows)), "; ".join(dict.fromkeys(map(told, rows)))

    return judge


def share(
    part: str, whole: str, variants: Variants, *, over: float | None = None, none: bool = False, there: bool = False
) -> RowJudge:
    """In each of these rows more than `over` (0 to 1) of the whole is in `part`, or, with `none`, nothing."""

    def judge(measured: Measured) -> tuple[bool, str]:
        rows = rows_of(measured, variants, there=there)
        shares = [row[part] / max(row[whole], 1) for row in rows]
        holds = all((over is None or each > over) and (not none or each == 0) for each in shares)
        return holds, "; ".join(dict.fromkeys(share_of(row, part, whole) for row in rows))

    return judge


def share_of(row: Row, part: str, whole: str) -> str:
    """ "3 of 1,000 lost (0.3 %)"."""
    told = f"{row[part]:,} of {row[whole]:,} {part}"
    return f"{told} ({percent(row[part] / max(row[whole], 1))})" if row[part] else told


def answer(
    choice: Callable[[Measured], int | None], told: Callable[[Measured], str], kind: str | None = None
) -> Happened:
    """Which choice of a prediction came true: in the runtime of that kind, or else in all of them alike."""

    def happened(measured: tuple[Measured, ...]) -> Outcome:
        runs = (first(measured, kind),) if kind else measured
        choices = {choice(run) for run in runs}
        sentence = "; ".join(f"{run.runtime}: {told(run)}" for run in runs)
        return Outcome(choices.pop() if len(choices) == 1 else None, f"{sentence}.")

    return happened


def buckets(
    size: Callable[[Measured], float],
    edges: Sequence[float],
    told: Callable[[Measured], str],
    kind: str | None = None,
) -> Happened:
    """Which choice of a prediction came true, by size: the first one below the first edge, and so on."""
    return answer(lambda measured: bisect_right(edges, size(measured)), told, kind)
