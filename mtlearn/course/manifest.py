"""What the course promises, as data: what each task must cover, and the misconceptions it must put right."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mtlearn.course.files import manifest


class Covers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a task must cover.

    step            the heading of the words that cover it
    words           strings that must stand there, Markdown's stars left out
    demo            the demo that shows it, where one does
    undemonstrated  why no demo does, where none does
    asked           some words of the quiz question, or of the prediction, that asks it
    """

    what: str
    step: str
    words: tuple[str, ...]
    asked: str
    demo: str | None = None
    undemonstrated: str | None = None


class Misconception(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that many believe and that is not so; `code` says whether a program can hold it."""

    number: int
    task: int
    says: str
    so: str
    code: bool


class _Task(msgspec.Struct, forbid_unknown_fields=True):
    covers: tuple[Covers, ...]


class _Misconceptions(msgspec.Struct, forbid_unknown_fields=True):
    misconception: tuple[Misconception, ...]


def covers(lesson: Path) -> tuple[Covers, ...]:
    """What a lesson's folder says in covers.toml. Raises MtlearnError when that is missing or damaged."""
    return manifest(lesson / "covers.toml", _Task).covers


def misconceptions(lessons: Path) -> tuple[Misconception, ...]:
    """The misconceptions of the course's misconceptions.toml. Raises MtlearnError when that is missing or damaged."""
    return manifest(lessons / "misconceptions.toml", _Misconceptions).misconception
