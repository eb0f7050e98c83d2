"""What stays of a lesson: sentences to remember, and its terms with their words in both runtimes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from mtlearn.course.content import Course
from mtlearn.course.files import manifest
from mtlearn.course.lesson import Lesson

FILE = "summary.toml"


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term of the field, in one sentence; `also` are other names of it.

    `python` and `node` are Markdown, the words of the runtimes for it; empty where it is an idea alone.
    """

    name: str
    says: str
    also: tuple[str, ...] = ()
    python: str = ""
    node: str = ""

    @property
    def title(self) -> str:
        """Its name, and the others."""
        return f"{self.name} ({', '.join(self.also)})" if self.also else self.name


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    remember: tuple[str, ...]
    term: tuple[Term, ...]


@dataclass(frozen=True)
class Summary:
    """One lesson on one page; `exercise` is the title of its exercise, `scenes` are the names of those to be played."""

    number: int
    title: str
    remember: tuple[str, ...]
    terms: tuple[Term, ...]
    exercise: str
    scenes: tuple[str, ...]


def summary(course: Course, lesson: Lesson) -> Summary:
    """What stays of this lesson. Raises MtlearnError when its summary.toml is missing or damaged."""
    written = _written(lesson.folder)
    scenes = tuple(scene.name for scene in course.scenes() if scene.task == lesson.number)
    exercise = course.exercise(str(lesson.number)).title
    return Summary(lesson.number, lesson.title, written.remember, written.term, exercise, scenes)


def terms(lesson: Path) -> tuple[Term, ...]:
    """The terms of the lesson in this folder. Raises MtlearnError when its summary.toml is missing or damaged."""
    return _written(lesson).term


def _written(lesson: Path) -> _Written:
    return manifest(lesson / FILE, _Written)
