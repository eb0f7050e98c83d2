"""Wrong solutions, kept to prove that the grader sees them: each a change to a right one, in `known_wrong.toml`.

A mutant is a table, named after the check that must fail and the mutant itself; its keys are the fields of `Mutant`:

    [every_waiter_wakes.notify_wakes_all]
    misconception = "notify() wakes everyone who waits"
    says = "still waits"
    python.base = "two_conditions"
    python.replace = [["notify_all()", "notify()"]]
    node.replace = [["notify(this.words, 0)", "notify(this.words, 0, 1)"]]

It exists in the languages that it has a key for. What stands under one goes before what stands above it, and a line
`python.base = …` or `CHECK.says = …` above all tables is for the mutants that do not say. `base` is "solution", the
reference solution, or another right one. A mutant with no `replace` is a different design: a whole file of that name,
in `known_wrong/`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.files import broken, manifest
from mtlearn.course.solutions import Change, Solution, right_solutions
from mtlearn.errors import MtlearnError, unknown_name

Words = Annotated[str, msgspec.Meta(pattern=r"\S")]


@dataclass(frozen=True, kw_only=True)
class Mutant(Solution):
    """A wrong solution.

    right          the right solution that it is compared with
    misconception  the mistaken idea behind it
    fails          the check that must fail, by name
    says           a string that the check's message must contain
    interleaving   whether that check must show the order of steps that breaks it
    misconceptions the numbers, in misconceptions.toml, of what it believes
    """

    right: Solution
    misconception: str
    fails: str
    says: str
    interleaving: bool = False
    misconceptions: tuple[int, ...] = ()

    def diff(self) -> str:
        """How its code differs from the right solution, as a unified diff."""
        before, after = (each.source().splitlines(keepends=True) for each in (self.right, self))
        return "".join(difflib.unified_diff(before, after, self.right.file_name, self.file_name))


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """A mutant in one language, as known_wrong.toml has it."""

    misconception: Words
    says: Words
    base: str = "solution"
    replace: tuple[Change, ...] | None = None
    interleaving: bool = False
    misconceptions: tuple[int, ...] = ()


def mutants(exercise: Exercise, language: str) -> tuple[Mutant, ...]:
    """The wrong solutions in one language, by name. Raises MtlearnError when their TOML is missing or damaged."""
    file = exercise.folder / "known_wrong.toml"
    tables = manifest(file, dict[str, dict[str, Any]])
    default = {each: tables.pop(each, {}) for each in SUFFIX}[language]
    right = right_solutions(exercise, language)
    found = []
    for fails, entries in tables.items():
        defaults = {**default, **({"says": entries.pop("says")} if "says" in entries else {})}
        for name, keys in entries.items():
            try:
                entry = _entry(keys, language, defaults)
                if entry:
                    found.append(_mutant(exercise, f"{name}{SUFFIX[language]}", fails, entry, right))
            except (msgspec.ValidationError, LookupError) as error:
                raise broken(file, f"[{fails}.{name}] does not fit: {error}") from None
    return tuple(sorted(found, key=lambda mutant: mutant.file_name))


def find(exercise: Exercise, name: str) -> Mutant:
    """The wrong solution of that name, with or without its suffix. Raises MtlearnError unless there is exactly one."""
    all_ = [mutant for language in SUFFIX for mutant in mutants(exercise, language)]
    named = [mutant for mutant in all_ if name in (mutant.file_name, Path(mutant.file_name).stem)]
    if not named:
        listing = f"mtlearn dev show {exercise.name}"
        raise unknown_name("mutant", name, [mutant.file_name for mutant in all_], listing, listing)
    if len(named) > 1:
        names = " or ".join(mutant.file_name for mutant in named)
        raise MtlearnError(f"There are two mutants `{name}`.", "Each language has one.", f"Say which: {names}.")
    return named[0]


def _entry(keys: Any, language: str, default: dict[str, Any]) -> _Entry | None:
    """What its table says for one language; None where it does not exist there."""
    table = msgspec.convert(keys, dict[str, Any])
    editions = {each: msgspec.convert(table.pop(each), dict[str, Any]) for each in SUFFIX if each in table}
    if not editions:
        raise LookupError(f"it is in none of these languages: {', '.join(SUFFIX)}")
    return msgspec.convert({**default, **table, **editions[language]}, _Entry) if language in editions else None


def _mutant(exercise: Exercise, file_name: str, fails: str, entry: _Entry, right: dict[str, Solution]) -> Mutant:
    if entry.base not in right:
        raise LookupError(f"its base is no right solution: {entry.base}")
    whole = entry.replace is None
    return Mutant(
        file_name,
        exercise.folder / "known_wrong" / file_name if whole else right[entry.base],
        entry.replace or (),
        right=right[entry.base],
        misconception=entry.misconception,
        fails=fails,
        says=entry.says,
        interleaving=entry.interleaving,
        misconceptions=entry.misconceptions,
    )
