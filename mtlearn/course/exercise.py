"""An exercise on disk: its statement, starters, hints, checks, scenarios and right solutions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from mtlearn.course.files import manifest, read, sections

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
    """What exercise.toml says: the title, whether the checks explore, and what the scenarios of each language need."""

    title: str
    explores: bool
    python: Terms = Terms()
    node: Terms = Terms()


@dataclass(frozen=True)
class Exercise:
    """One exercise. `folder` holds all but the reference solutions, which lie in `solutions`."""

    number: int
    folder: Path
    solutions: Path

    @property
    def name(self) -> str:
        """As a user names it: "exercise-5"."""
        return f"exercise-{self.number}"

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
        """What it is called beside its number."""
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
