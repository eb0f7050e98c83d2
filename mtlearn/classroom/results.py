"""How a class came out: one value, from which every table, page and file is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from mtlearn import __version__
from mtlearn.classroom.mistakes import Mistake, Mistakes
from mtlearn.classroom.submission import Roll, Submission, Unplaced
from mtlearn.classroom.task import Graded
from mtlearn.course.content import Course
from mtlearn.course.manifest import Misconception, misconceptions
from mtlearn.grading.verdict import VerdictDocument, VerdictStatus


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One student's file for one exercise, and how it came out.

    points   how many of the checks passed, `of` how many there are
    mistake  what the first failure points to, where a known-wrong file fails in the same way
    problem  why there is no verdict, where there is none
    note     what else is to be told
    """

    student: str
    exercise: str
    title: str
    runtime: str
    file: str
    status: VerdictStatus | Literal["not graded"]
    points: int
    of: int
    mistake: Mistake | None
    verdict: VerdictDocument | None
    problem: str
    note: str


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """A mistaken idea, and whose files look as if they held it; of `among` students who handed in such an exercise."""

    number: int | None
    says: str
    so: str
    exercises: tuple[str, ...]
    students: tuple[str, ...]
    among: int


class ClassDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `mtlearn class grade --json` writes: each file with its verdict, and what the class seems to believe."""

    version: Literal[1] = 1
    mtlearn: str
    students: tuple[str, ...]
    results: tuple[Result, ...]
    beliefs: tuple[Belief, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def ungraded(self) -> int:
        """How many files could not be graded, or placed."""
        return sum(each.verdict is None for each in self.results) + sum(each.lost for each in self.unplaced)


def results(
    roll: Roll, contents: Mapping[Submission, bytes], outcomes: Mapping[Submission, Graded], course: Course
) -> ClassDocument:
    """Everything about a class; a submission without an outcome was not graded."""
    exercises = {exercise.name: exercise for exercise in course.exercises()}
    known = {each.number: each for each in misconceptions(course.root / "lessons")}
    mistakes = Mistakes()
    found = []
    for each in roll.submissions:
        graded = outcomes.get(each, Graded(problem="it was not graded"))
        verdict = msgspec.json.decode(graded.verdict, type=VerdictDocument) if graded.verdict else None
        exercise = exercises[each.exercise]
        note = each.note
        if verdict:
            verdict = msgspec.structs.replace(verdict, file=each.shown)
            if _changed(each.path, contents[each]):
                note = "; ".join(filter(None, (note, "changed since it was read: grade again")))
        found.append(
            Result(
                student=each.student,
                exercise=each.exercise,
                title=exercise.title,
                runtime=each.runtime,
                file=each.shown,
                status=verdict.status if verdict else "not graded",
                points=sum(check.status == "pass" for check in verdict.checks) if verdict else 0,
                of=len(verdict.checks) if verdict else 0,
                mistake=mistakes.of(verdict, exercise, contents[each]) if verdict else None,
                verdict=verdict,
                problem=graded.problem,
                note=note,
            )
        )
    return ClassDocument(
        mtlearn=__version__,
        students=roll.students,
        results=tuple(found),
        beliefs=tuple(_beliefs(found, known)),
        unplaced=roll.unplaced,
    )


def _changed(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() != content
    except OSError:
        return True


def _beliefs(found: Iterable[Result], known: Mapping[int, Misconception]) -> list[Belief]:
    """What the class seems to believe, the commonest first: by number, or in its own words where it has none."""
    handed_in: dict[str, set[str]] = {}
    groups: dict[int | str, list[Result]] = {}
    for each in found:
        if each.verdict:
            handed_in.setdefault(each.exercise, set()).add(each.student)
        if each.mistake:
            for key in each.mistake.numbers or (each.mistake.says,):
                groups.setdefault(key, []).append(each)
    beliefs = []
    for key, group in groups.items():
        exercises = tuple(dict.fromkeys(each.exercise for each in group))
        numbered = known.get(key) if isinstance(key, int) else None
        beliefs.append(
            Belief(
                number=numbered.number if numbered else None,
                says=numbered.says if numbered else str(key),
                so=numbered.so if numbered else "",
                exercises=exercises,
                students=tuple(dict.fromkeys(each.student for each in group)),
                among=len(set.union(*(handed_in[name] for name in exercises))),
            )
        )
    return sorted(beliefs, key=lambda each: (-len(each.students), each.number or 1_000, each.says))
