"""Files that are alike: pairs for one exercise, what the starter and the reference solution have left out."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mtlearn.classroom.submission import Submission
from mtlearn.course.content import Course
from mtlearn.errors import ExitCode, MtlearnError

GRAM, WINDOW = 20, 10  # characters, names counted as one: shorter matches say nothing
LEAST = 0.3  # of the smaller file: below that, two solutions of one exercise are alike by nature


@dataclass(frozen=True)
class Line:
    """A line of a file, and whether the other file has it, too."""

    text: str
    alike: bool


@dataclass(frozen=True)
class Side:
    """One file of a pair."""

    student: str
    file: str
    lines: tuple[Line, ...]

    @property
    def alike(self) -> int:
        """How many of its lines the other one has, too."""
        return sum(line.alike for line in self.lines)


@dataclass(frozen=True)
class Pair:
    """Two files for one exercise; `share` is the greater part, from 0 to 1, of one that the other has, too."""

    exercise: str
    runtime: str
    share: float
    first: Side
    second: Side


def alike(submissions: Iterable[Submission], course: Course, least: float = LEAST) -> list[Pair]:
    """The pairs of different students' files that share at least so much, the most alike first.

    Raises MtlearnError when copydetect is not installed.
    """
    groups: dict[tuple[str, str], list[Submission]] = {}
    for each in submissions:
        groups.setdefault((each.exercise, each.runtime), []).append(each)
    found = [pair for group in groups.values() for pair in _pairs(group, course, least)]
    return sorted(found, key=lambda pair: (-pair.share, pair.exercise, pair.first.student, pair.second.student))


def _pairs(group: list[Submission], course: Course, least: float) -> Iterator[Pair]:
    os.environ.setdefault("MPLBACKEND", "Agg")  # it imports matplotlib, for a page that is not asked for
    try:
        import numpy
        from copydetect import CodeFingerprint, compare_files  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise MtlearnError(
            "Files are compared by copydetect, which is not installed.",
            f"There is no module {error.name}.",
            "pip install 'mtlearn[class]'",
            ExitCode.ENVIRONMENT,
        ) from error
    exercise, runtime = course.exercise(group[0].exercise), group[0].runtime
    language = {"python": "python", "node": "javascript"}[runtime]

    def fingerprint(name: str, text: str, window: int = WINDOW, known: Any = None) -> Any:
        return CodeFingerprint(name, GRAM, window, known, True, language, fp=io.StringIO(text))

    given = (exercise.starter(runtime), exercise.solution(runtime))
    marks = [mark for path in given for mark in fingerprint(path.name, path.read_text("utf-8"), window=1).hashes]
    known = numpy.unique(numpy.array(marks))
    prints = []
    for each in group:
        text = each.path.read_bytes().decode(errors="replace").replace("\r\n", "\n")
        if len(text) > GRAM:
            prints.append((each, text, fingerprint(each.shown, text, known=known)))
    for (one, text, first), (other, text2, second) in combinations(prints, 2):
        if one.student == other.student or not (len(first.hashes) and len(second.hashes)):
            continue
        _, shares, slices = compare_files(first, second)
        if (share := min(1.0, float(max(shares)))) >= least:
            sides = (_side(one, text, slices[0]), _side(other, text2, slices[1]))
            yield Pair(exercise.name, runtime, round(share, 3), *sides)


def _side(submission: Submission, text: str, slices: Any) -> Side:
    """A file with its lines that lie in these slices, which are pairs of (first characters, ends)."""
    lines, start = [], 0
    spans = list(zip(*(map(int, ends) for ends in slices), strict=True))
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        inside = sum(max(0, min(end, last) - max(start, first)) for first, last in spans)
        lines.append(Line(line.rstrip("\n"), bool(line.strip()) and inside >= len(line.strip()) / 2))
        start = end
    return Side(submission.student, submission.shown, tuple(lines))
