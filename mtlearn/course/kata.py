"""Katas: a few lines of a solution, one of them wrong. Each is made of a mutant; katas.toml lists those."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import msgspec

from mtlearn.course.content import Course
from mtlearn.course.excerpt import without_comment
from mtlearn.course.exercise import Exercise
from mtlearn.course.files import broken, manifest
from mtlearn.course.lesson import Lesson
from mtlearn.course.mutants import Mutant, mutants
from mtlearn.course.quiz import Choice, Question, Quiz

MOST = 9  # lines to choose from: each has a key
BELIEFS = 3
INSTEAD = 3  # lines of the right solution, at most, that the wrong one stands for
LANGUAGES = {"python": "Python", "node": "JavaScript"}


class _Listed(msgspec.Struct, forbid_unknown_fields=True):
    """The mutants of one exercise that make good katas, by their files' names."""

    exercise: str
    mutants: tuple[str, ...]


class _Katas(msgspec.Struct, forbid_unknown_fields=True):
    katas: tuple[_Listed, ...]


@dataclass(frozen=True)
class Kata:
    """One kata, by its number (from 1): find the line, then the belief behind it."""

    number: int
    exercise: Exercise
    language: str
    mutant: Mutant
    lines: tuple[tuple[int, str], ...]
    wrong: int
    instead: str
    beliefs: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Kata {self.number} · {self.exercise.name}, {LANGUAGES[self.language]}"

    def lesson(self) -> Lesson:
        """It as a quiz."""
        return Lesson(self.exercise.task, self.title, (Quiz({}, self.questions, self.title),))

    @property
    def questions(self) -> tuple[Question, Question]:
        """Which line is wrong, and what is believed by who writes it."""
        here = [
            Choice(f"{number:>3} {line}", f"Line {number} is as it should be.", number == self.wrong)
            for number, line in self.lines
        ]
        [at] = [number for number, choice in enumerate(here) if choice.right]
        here[at] = Choice(here[at].says, f"There should stand: {self.instead.strip()}", right=True)
        behind = [
            Choice(f"{belief}.", "Another mistake comes from that.", belief == self.mutant.misconception)
            for belief in self.beliefs
        ]
        [at] = [number for number, choice in enumerate(behind) if choice.right]
        behind[at] = Choice(behind[at].says, "It is not so: the check below shows what comes of it.", right=True)
        return (
            Question(f"{self.title}: {self.exercise.title}. One of these lines is wrong. Which?", tuple(here)),
            Question(f"{self.title}: what must one believe to write line {self.wrong}?", tuple(behind)),
        )


def katas(course: Course) -> tuple[Kata, ...]:
    """Every kata, in order. Raises MtlearnError when katas.toml is damaged, or names a mutant that makes none."""
    file = course.root / "exercises" / "katas.toml"
    found: list[Kata] = []
    for listed in manifest(file, _Katas).katas:
        exercise = course.exercise(listed.exercise)
        known = {each.file_name: (kind, each) for kind in LANGUAGES for each in mutants(exercise, kind)}
        for name in listed.mutants:
            if name not in known:
                raise broken(file, f"{exercise.name} has no mutant {name}")
            kata = kata_of(len(found) + 1, exercise, *known[name])
            if not kata:
                raise broken(file, f"{name} of {exercise.name} is not wrong in a single line")
            found.append(kata)
    return tuple(found)


def kata_of(number: int, exercise: Exercise, language: str, mutant: Mutant) -> Kata | None:
    """The kata that a mutant makes; None where it is not one line that differs from the right solution."""
    right, wrong = mutant.right.source().splitlines(), mutant.source().splitlines()
    changes = [
        change
        for change in difflib.SequenceMatcher(None, right, wrong, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    if len(changes) != 1:
        return None
    [(_, i1, i2, j1, j2)] = changes
    if j2 - j1 != 1 or not 1 <= i2 - i1 <= INSTEAD:
        return None
    others = sorted({each.misconception for each in mutants(exercise, language)} - {mutant.misconception})
    at = len(mutant.file_name) % BELIEFS
    turn = len(mutant.says) % max(len(others), 1)
    beliefs = (others[turn:] + others[:turn])[: BELIEFS - 1]
    if len(beliefs) < BELIEFS - 1:
        return None
    instead = " ".join(without_comment(line).strip() for line in right[i1:i2])
    beliefs.insert(at, mutant.misconception)
    return Kata(number, exercise, language, mutant, _around(wrong, j1), j1 + 1, instead, tuple(beliefs))


def _around(lines: list[str], at: int) -> tuple[tuple[int, str], ...]:
    """The lines of code around this one (0-based), by number (from 1), as far to the left as they go."""
    code = [(n, without_comment(line)) for n, line in enumerate(lines)]
    code = [(n, line) for n, line in code if _tells(line) or n == at]
    here = next(place for place, (n, _) in enumerate(code) if n == at)
    first = max(0, min(here - MOST // 2, len(code) - MOST))
    shown = code[first : first + MOST]
    indent = min(len(line) - len(line.lstrip()) for _, line in shown)
    return tuple((n + 1, line[indent:]) for n, line in shown)


def _tells(line: str) -> bool:
    """Whether a line is more than a bracket, a comment or the beginning of a docstring."""
    code = line.strip()
    return any(map(str.isalpha, code)) and not code.startswith(('"""', "#", "//", "/*", "*", "import ", "from "))
