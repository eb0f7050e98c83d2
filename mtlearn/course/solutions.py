"""Solutions that the course keeps: whole files, or changes to another.

The right ones prove that the grader accepts any design: the reference solution, the files in `known_right/`, and the
tables of `known_right.toml`, each a change to one of those files:

    [one_lock]
    python.base = "two_locks"  # or left out: the reference solution
    python.replace = [["second = Lock()", "second = first"]]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.files import broken, manifest, read
from mtlearn.errors import MtlearnError

Change = tuple[str, str]
"""A text of the base, and what stands there instead."""


@dataclass(frozen=True)
class Solution:
    """A program that solves an exercise, or should.

    file_name  its name, with the suffix of its language
    base       the file that holds it, or the solution that it changes
    changes    what it changes there
    """

    file_name: str
    base: Path | Solution
    changes: tuple[Change, ...] = ()

    def source(self) -> str:
        """Its code. Raises MtlearnError when it cannot be read, or a change does not fit its base."""
        base = read(self.base) if isinstance(self.base, Path) else self.base.source()
        try:
            return changed(base, self.changes)
        except ValueError as error:
            name = self.base.name if isinstance(self.base, Path) else self.base.file_name
            raise MtlearnError(
                f"{self.file_name} does not fit {name}.",
                f"The old text of a change must occur there exactly once, but {error}.",
                f"Adapt its `replace` to {name}, or {name} to it",
            ) from None

    def write(self, folder: Path) -> Path:
        """Write its code into a folder, under its name. Raises MtlearnError as `source` does, and OSError."""
        file = folder / self.file_name
        file.write_text(self.source(), encoding="utf-8", newline="")
        return file


def changed(base: str, changes: Sequence[Change]) -> str:
    """A text with all changes made at once. Raises ValueError where one does not fit.

    The old text of a change must occur exactly once. In it, a single space stands for any white space, and "…" for
    anything, up to the first place where what follows it fits. In the new text, "…" stands for all of the old one.
    A line of which nothing is left is removed.
    """
    parts, done = [], 0
    for start, end, new in sorted((*_span(base, old, whole_lines=not new), new) for old, new in changes):
        if start < done:
            raise ValueError(f"another change overlaps {base[start:end]!r}")
        parts += [base[done:start], new.replace("…", base[start:end])]
        done = end
    return "".join([*parts, base[done:]])


def _span(base: str, old: str, whole_lines: bool) -> tuple[int, int]:
    pattern = ".*?".join(_pattern(part) for part in re.split(" ?… ?", old))
    found = [match.span(1) for match in re.finditer(f"(?=({pattern}))", base, re.DOTALL)]
    if len(found) != 1:
        raise ValueError(f"{old!r} occurs {len(found)} times")
    [(start, end)] = found
    line, rest = base.rfind("\n", 0, start) + 1, base.find("\n", end)
    if whole_lines and not old.endswith("\n") and not base[line:start].strip() and not base[end:rest].strip():
        return line, rest + 1
    return start, end


def _pattern(text: str) -> str:
    return r"\s+".join(map(re.escape, re.split(r"(?<!\s) (?!\s)", text)))


class _Edition(msgspec.Struct, forbid_unknown_fields=True):
    """A right solution in one language, as known_right.toml has it."""

    replace: tuple[Change, ...]
    base: str = "solution"


def right_solutions(exercise: Exercise, language: str) -> dict[str, Solution]:
    """Every right solution in one language, by name; "solution" is the reference. Raises MtlearnError when damaged."""
    files = (exercise.solution(language), *(exercise.folder / "known_right").glob(f"*{SUFFIX[language]}"))
    whole = {file.stem: Solution(file.name, file) for file in files}
    toml = exercise.folder / "known_right.toml"
    tables = manifest(toml, dict[str, dict[str, _Edition]]) if toml.exists() else {}
    found = dict(whole)
    for name, editions in tables.items():
        if edition := editions.get(language):
            if edition.base not in whole:
                raise broken(toml, f"the base of [{name}] is no whole file: {edition.base}")
            found[name] = Solution(f"{name}{SUFFIX[language]}", whole[edition.base], edition.replace)
    return found
