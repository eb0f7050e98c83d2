"""The mistaken idea that a verdict points to: that of the known-wrong file whose failure is the same."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from mtlearn.course.exercise import Exercise
from mtlearn.course.mutants import Mutant, mutants
from mtlearn.grading.verdict import VerdictDocument


@dataclass(frozen=True)
class Mistake:
    """What somebody seems to believe: in words, and by its numbers in misconceptions.toml, where it has any.

    `check` is the check that failed; `sure` says that no other known-wrong file fails in the same way.
    """

    check: str
    says: str
    numbers: tuple[int, ...]
    sure: bool


class Mistakes:
    """The known-wrong files of the course, to compare with."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Mutant, ...]] = {}

    def of(self, verdict: VerdictDocument, exercise: Exercise, content: bytes) -> Mistake | None:
        """What the first failure points to that a known-wrong file shares; of several files the most alike counts."""
        key = (exercise.name, verdict.runtime)
        if key not in self._known:
            self._known[key] = mutants(exercise, verdict.runtime)
        for check in verdict.checks:
            if check.status != "fail":
                continue
            alike = [each for each in self._known[key] if each.fails == check.name and each.says in check.message]
            if alike:
                nearest = max(alike, key=lambda each: _likeness(each, content)) if len(alike) > 1 else alike[0]
                return Mistake(check.name, nearest.misconception, nearest.misconceptions, sure=len(alike) == 1)
        return None


def _likeness(mutant: Mutant, content: bytes) -> float:
    """How much of the text is the same, by lines."""
    lines = [line.strip() for line in content.decode(errors="replace").splitlines() if line.strip()]
    known = [line.strip() for line in mutant.source().splitlines() if line.strip()]
    return SequenceMatcher(None, known, lines, autojunk=False).ratio()
