"""A quiz: questions whose every choice is answered, read from the quiz.toml beside a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from mtlearn.course.claim import Measured, RowJudge, first
from mtlearn.course.files import broken, manifest

Figure = Callable[[Mapping[str, tuple[Measured, ...]]], str]
"""Tells what a demo measured here, from the runs by demo name. It may raise NotMeasured, or KeyError (not run)."""


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to choose; `why` says why it is right, or why it is not."""

    says: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A quiz question with one right choice; `figure` tells what a demo measured here, where one shows the answer.

    `misconceptions` are the numbers, in misconceptions.toml, of what it puts right.
    """

    text: str
    choices: tuple[Choice, ...]
    figure: Figure | None = None
    misconceptions: tuple[int, ...] = ()

    @property
    def right(self) -> int:
        """The number of the right choice (0-based)."""
        return [choice.right for choice in self.choices].index(True)


@dataclass(frozen=True)
class Quiz:
    """The questions that close a lesson.

    A lesson declares the `figures` that its quiz.toml may name; the questions are filled in when it is loaded.
    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    title: str = "Quiz"

    @property
    def key(self) -> str:
        """What progress remembers this step by."""
        return "quiz"


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """A question as quiz.toml has it: its figure is a name."""

    text: str
    choices: tuple[Choice, ...]
    figure: str | None = None
    misconceptions: tuple[int, ...] = ()


class _Quiz(msgspec.Struct, forbid_unknown_fields=True):
    question: tuple[_Written, ...]


def questions(lesson: Path, figures: Mapping[str, Figure]) -> tuple[Question, ...]:
    """The questions of a lesson's folder, in quiz.toml.

    Raises MtlearnError when that is missing or damaged: no text, not exactly one right choice, an unknown figure, or
    a figure that no question names.
    """
    file = lesson / "quiz.toml"
    written = manifest(file, _Quiz).question
    for each in written:
        if sum(choice.right for choice in each.choices) != 1:
            raise broken(file, f"“{each.text}” has not exactly one right choice")
    named = {each.figure for each in written if each.figure}
    if unknown := named - figures.keys():
        raise broken(file, f"lesson.py declares no such figures: {', '.join(sorted(unknown))}")
    if idle := figures.keys() - named:
        raise broken(file, f"no question names these figures of lesson.py: {', '.join(sorted(idle))}")
    return tuple(
        Question(each.text, each.choices, figures[each.figure] if each.figure else None, each.misconceptions)
        for each in written
    )


def figure(demo: str, kind: str, variant: str | Mapping[str, str], told: Callable[[Mapping[str, Any]], str]) -> Figure:
    """What the demo measured for one variant in this kind of runtime, as `told` words it."""

    def sentence(runs: Mapping[str, tuple[Measured, ...]]) -> str:
        run = first(runs[demo], kind)
        row = run.row(variant)
        return f"`{row['variant']}` in {run.runtime}: {told(row)}."

    return sentence


def quoted(demo: str, kind: str, judge: RowJudge) -> Figure:
    """The figures of a claim, as the demo measured them in this kind of runtime."""

    def sentence(runs: Mapping[str, tuple[Measured, ...]]) -> str:
        run = first(runs[demo], kind)
        return f"{run.runtime}: {judge(run)[1]}."

    return sentence
