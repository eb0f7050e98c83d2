"""An exercise on disk: its statement, starters, hints, checks, scenarios and right solutions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from mtlearn.course.files import manifest, read, sections
from mtlearn.course.names import number_in

SUFFIX = {"python": ".py", "node": ".mjs"}


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the scenarios of one language need: so many times the usual patience, and whether the main thread is theirs.

    A Node.js file that starts its own workers belongs there; other files are loaded into Workers. `explores` says
    whether the explorer is needed.
    """

    patience: int = 1
    main_thread: bool = False
    explores: bool = True


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What exercise.toml says: the title, whether the checks explore, and what the scenarios of each language need.

    task     the task it belongs to, where its name does not say so
    starter  whether that is still to be written, or is a program that is wrong and is graded as it is
    """

    title: str
    explores: bool
    task: int | None = None
    starter: Literal["unwritten", "wrong"] = "unwritten"
    python: Terms = Terms()
    node: Terms = Terms()


@dataclass(frozen=True)
class Exercise:
    """One exercise. `folder` holds all but the reference solutions, which lie in `solutions`.

    name  as a user writes it: "exercise-5", "capstone"
    """

    name: str
    folder: Path
    solutions: Path

    @property
    def label(self) -> str:
        """The name in a heading: "Exercise 5", "Capstone"."""
        return self.name.replace("-", " ").capitalize()

    @property
    def task(self) -> int:
        """The task it belongs to."""
        number = number_in(self.name)
        return number.value if number else self.manifest.task or 0

    @property
    def statement(self) -> str:
        """What to build, in Markdown."""
        return read(self.folder / "statement.md")

    @cached_property
    def manifest(self) -> Manifest:
        """What its exercise.toml says. Raises MtlearnError when that is missing or damaged."""
        return manifest(self.folder / "exercise.toml", Manifest)

    @property
    def title(self) -> str:
        """What it is called beside its name."""
        return self.manifest.title

    @property
    def checks(self) -> Path:
        """The pytest file that judges both languages."""
        return self.folder / "checks.py"

    @property
    def explored(self) -> bool:
        """Whether its checks look for an order of steps that breaks a solution."""
        return self.manifest.explores

    def terms(self, language: str) -> Terms:
        """What the scenarios of one language need."""
        terms: Terms = getattr(self.manifest, language)
        return msgspec.structs.replace(terms, explores=self.explored)

    @property
    def starts_wrong(self) -> bool:
        """Whether its starter is a program to be mended, and not one to be written."""
        return self.manifest.starter == "wrong"

    def starter(self, language: str) -> Path:
        """What the learner's file looks like at first."""
        return self.folder / f"starter{SUFFIX[language]}"

    def scenarios(self, language: str) -> Path:
        """What the subject runs on the learner's code."""
        return self.folder / f"scenarios{SUFFIX[language]}"

    def solution(self, language: str) -> Path:
        """The reference solution."""
        return self.solutions / f"solution{SUFFIX[language]}"

    def hints(self) -> tuple[str, ...]:
        """The hints, from a nudge to nearly the code."""
        return tuple(sections(read(self.folder / "hints.md")).values())
