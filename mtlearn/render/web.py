"""A class, or one learner, as a page for a browser: one file, which needs no network."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from mtlearn import __version__
from mtlearn.classroom.alike import Pair
from mtlearn.classroom.results import ClassDocument, Result
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import CheckResult, VerdictDocument
from mtlearn.learner.standing import KINDS, Standing
from mtlearn.render.interleaving import COLOURS, interleaving
from mtlearn.render.screen import THEME
from mtlearn.render.verdict import scope

WIDTH = 88  # columns of an interleaving
MARKS = {"pass": "✓", "fail": "✗", "unchecked": "?"}


@dataclass(frozen=True)
class Piece:
    """Some characters of a picture, and the names of what they look like."""

    text: str
    looks: str


def pieces(picture: RenderableType, width: int = WIDTH) -> list[Piece]:
    """What the terminal would show, as text with the names of its colours: the page decides what they look like."""
    console = Console(width=width, file=io.StringIO(), theme=THEME, highlight=False, color_system="standard",
                      force_terminal=True, legacy_windows=False)  # fmt: skip
    found: list[Piece] = []
    for segment in console.render(picture, console.options):
        if segment.control:
            continue
        style = segment.style
        looks = []
        if style and style.color and style.color.name in COLOURS:
            looks.append(style.color.name)
        looks += [name for name in ("bold", "dim") if style and getattr(style, name)]
        found.append(Piece(segment.text, " ".join(looks)))
    return found


def class_page(document: ClassDocument, pairs: Sequence[Pair] = ()) -> str:
    """The page about a class. Raises MtlearnError where Jinja2 is not installed."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for each in document.results:
        groups.setdefault((each.exercise, each.runtime), []).append(each)
    numbers = {id(each): number for number, each in enumerate(document.results, 1)}
    maps = [_heat_map(group, numbers) for group in groups.values()]
    return _page(
        "class.html",
        document=document,
        maps=maps,
        beliefs=document.beliefs,
        verdicts=[(numbers[id(each)], each) for each in document.results],
        passed=sum(each.status == "pass" for each in document.results),
        pairs=pairs,
    )


def _heat_map(group: Sequence[Result], numbers: Mapping[int, int]) -> dict[str, Any]:
    """Student by check, for one exercise in one language; a column shows how many do not pass it."""
    checks: dict[str, str] = {}
    for result in group:
        for check in result.verdict.checks if result.verdict else ():
            checks.setdefault(check.name, check.label)
    rows: list[dict[str, Any]] = []
    for result in group:
        by_name = {check.name: check for check in result.verdict.checks} if result.verdict else {}
        rows.append({"number": numbers[id(result)], "result": result, "cells": [by_name.get(name) for name in checks]})
    failing = [
        sum(row["cells"][n] is not None and row["cells"][n].status == "fail" for row in rows)
        for n in range(len(checks))
    ]
    first = group[0]
    return {
        "name": f"{first.exercise}-{first.runtime}",
        "exercise": first.exercise,
        "title": first.title,
        "runtime": first.runtime,
        "checks": list(zip(checks.values(), failing, strict=True)),
        "rows": rows,
    }


def learner_page(stands: Standing, verdicts: Sequence[VerdictDocument]) -> str:
    """The page about one learner, with the last verdicts that had an order of steps to show.

    Raises MtlearnError where Jinja2 is not installed.
    """
    done = [f"{done} of {all_} {kind}s" for kind in KINDS for done, all_ in [stands.count(kind)]]
    minutes = round(sum(task.seconds for task in stands.studied) / 60)
    return _page(
        "learner.html",
        version=__version__,
        stands=stands,
        verdicts=list(enumerate(verdicts, 1)),
        done=done,
        minutes=minutes,
    )


def _drawn(check: CheckResult) -> list[Piece]:
    """A check's interleaving, as on the terminal."""
    if check.interleaving is None:
        return []
    told = replace(check.interleaving, message="")  # it stands above already
    return pieces(interleaving(told, width=WIDTH))


def _page(name: str, **told: Any) -> str:
    page: str = (
        _environment()
        .get_template(name)
        .render(marks=MARKS, drawn=_drawn, scope=scope, languages={"python": "Python", "node": "JavaScript"}, **told)
    )
    return page.encode(errors="replace").decode()


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise MtlearnError(
            "A page is made by Jinja2, which is not installed.",
            f"There is no module {error.name}.",
            "pip install 'mtlearn[class]'",
            ExitCode.ENVIRONMENT,
        ) from error
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
