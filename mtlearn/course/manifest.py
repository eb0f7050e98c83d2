"""What the course promises, as data: what each task must cover, and the beliefs it must put right."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mtlearn.course.exercise import broken, read

T = TypeVar("T")


@dataclass(frozen=True)
class Covers:
    """One thing that a task must cover.

    step   the heading of the words that cover it
    words  texts that must stand there, Markdown's stars left out
    demo   the demo that shows it, where one does
    """

    what: str
    step: str
    words: tuple[str, ...]
    demo: str | None = None


@dataclass(frozen=True)
class Belief:
    """Something that many believe and that is not so; `code` says whether a program can hold it."""

    number: int
    task: int
    says: str
    so: str
    code: bool


def covers(lesson: Path) -> tuple[Covers, ...]:
    """What a lesson's folder says in covers.toml. Raises MtlearnError when that is missing or damaged."""
    return _entries(
        lesson / "covers.toml",
        "covers",
        lambda entry: Covers(
            _a(str, entry["what"]),
            _a(str, entry["step"]),
            tuple(_a(str, words) for words in _a(list, entry["words"])),
            _a(str, entry["demo"]) if "demo" in entry else None,
        ),
    )


def beliefs(lessons: Path) -> tuple[Belief, ...]:
    """The beliefs of the course's beliefs.toml. Raises MtlearnError when that is missing or damaged."""
    return _entries(
        lessons / "beliefs.toml",
        "belief",
        lambda entry: Belief(
            _a(int, entry["number"]),
            _a(int, entry["task"]),
            _a(str, entry["says"]),
            _a(str, entry["so"]),
            _a(bool, entry["code"]),
        ),
    )


def _a(kind: type[T], value: Any) -> T:
    """The value, which must be of that kind: in TOML, `true` is no number."""
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _entries(file: Path, key: str, make: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    try:
        return tuple(map(make, tomllib.loads(read(file))[key]))
    except tomllib.TOMLDecodeError as error:
        raise broken(file, f"it is not TOML: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise broken(file, f"an entry `{key}` is missing or incomplete ({type(error).__name__}: {error})") from error
