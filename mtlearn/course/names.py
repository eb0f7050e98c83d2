"""What people write when they mean a lesson, a demo or an exercise: "5", "ex5", "Exercise 5", "promise_all"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Numbered = Literal["lesson", "exercise"]

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_KINDS: dict[str, Numbered | None] = {
    "": None,
    "task": None,
    "lesson": "lesson",
    "l": "lesson",
    "exercise": "exercise",
    "ex": "exercise",
    "e": "exercise",
}
_NUMBERED = re.compile(rf"(?:([a-z]+)-?)?0*([1-9]\d*|{'|'.join(_WORDS)})")


@dataclass(frozen=True)
class Number:
    """A number that was written, and what it was said to be the number of: nothing, a lesson, an exercise."""

    kind: Numbered | None
    value: int


def plain(text: str) -> str:
    """A name in the way the course writes it: `Promise_All ` is `promise-all`."""
    return re.sub(r"[\s_-]+", "-", text.strip().lower())


def number_in(text: str) -> Number | None:
    """The number that a string names: `5`, `05`, `five`, `L5`, `lesson-5`, `ex5`, `exercise_05`; None if it is none."""
    match = _NUMBERED.fullmatch(plain(text))
    if match is None or (match[1] or "") not in _KINDS:
        return None
    digits = match[2]
    return Number(_KINDS[match[1] or ""], _WORDS.index(digits) + 1 if digits in _WORDS else int(digits))


def forms(kind: Numbered, value: int) -> list[str]:
    """How this number may be written, the usual way first: `number_in` understands all of them."""
    digits = [str(value), f"0{value}"] if value < 10 else [str(value)]
    words = [_WORDS[value - 1]] if value <= len(_WORDS) else []
    long, short = {"lesson": ("lesson", "L"), "exercise": ("exercise", "ex")}[kind]
    named = [f"{long}-{value}", f"{long}{value}", f"{short}{value}", f"{short}-{value}"]
    if value < 10:
        named.append(f"{long}_0{value}")
    return [*digits, *words, *named]


def exercise_name(text: str) -> str:
    """What an exercise is called that is written like this, whether there is one or not: "exercise-5", "capstone"."""
    number = number_in(text)
    return f"exercise-{number.value}" if number else plain(text)


def is_path(text: str) -> bool:
    """Whether a string is meant as a file rather than as a name."""
    return "/" in text or "\\" in text or Path(text).suffix.lower() in (".py", ".mjs", ".js")


def in_names(known: Iterable[str]) -> re.Pattern[str]:
    """What says in the name of a file which exercise it solves; `known` are the names of those that there are."""
    named = "|".join(re.escape(name) for name in known if number_in(name) is None) or "(?!)"
    numbered = r"(?:exercise|ex)[\s_-]*0*[1-9]\d?(?!\d)"
    return re.compile(rf"(?:^|(?<=[^a-z]))(?:{numbered}|(?:{named})(?![a-z]))", re.IGNORECASE)


def exercise_of_path(path: Path, known: Iterable[str]) -> str | None:
    """The exercise that a file is a solution of, told by its name or by a folder above it; None where none says so.

    The nearest name wins: `class-5/exercise_07.py` and `ada/exercise-7/solution.mjs` are of exercise-7. One of those
    with a name of their own is found where `known` has it; a number may be that of none.
    """
    wanted = in_names(known)
    for part in (path.stem, *(parent.name for parent in path.absolute().parents)):
        if found := wanted.findall(part):
            return exercise_name(found[-1])
    return None
