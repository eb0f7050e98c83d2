"""How far the learner has come: every lesson, demo and exercise with its state, and what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from mtlearn.course.content import Course
from mtlearn.course.manifest import Misconception
from mtlearn.course.outline import ExerciseOutline, LessonOutline
from mtlearn.learner.progress import ExerciseProgress, LessonProgress, Progress

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise
    from mtlearn.course.lesson import Lesson

ItemKind = Literal["lesson", "demo", "exercise"]
KINDS: tuple[ItemKind, ...] = ("lesson", "demo", "exercise")
LANGUAGES = {"python": "Python", "node": "JavaScript"}


@dataclass(frozen=True)
class Item:
    """One thing to learn by.

    name   as a command takes it: "5", "race", "exercise-5"
    state  in words: "begun", "passed in Python"
    done   whether it was finished, seen or passed
    """

    kind: ItemKind
    name: str
    lesson: int
    title: str
    state: str
    done: bool

    @property
    def label(self) -> str:
        """What it is called in a list."""
        return f"lesson {self.name}" if self.kind == "lesson" else self.name

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        return f"mtlearn {'check' if self.kind == 'exercise' else self.kind} {self.name}"

    def matches(self, words: str) -> bool:
        """Whether all of these words stand in its name, its title or its state."""
        text = f"{self.label} {self.title} {self.state}".lower()
        return all(word in text for word in words.lower().split())


@dataclass(frozen=True)
class Studied:
    """What was done about one task; seconds leave out pauses.

    reached is how much of the lesson lies behind, from 0 to 1; predicted and answered are (right, all that were made);
    exercise is the state of the lesson's own; attempts and hints are those of all exercises that belong to it.
    """

    task: int
    title: str
    lesson: str
    reached: float
    predicted: tuple[int, int]
    answered: tuple[int, int]
    exercise: str
    attempts: int
    hints: int
    seconds: float


class Listed(msgspec.Struct, frozen=True):
    """An item as it is written: with the command that goes on with it."""

    kind: ItemKind
    name: str
    lesson: int
    title: str
    state: str
    done: bool
    command: str


class ListDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `mtlearn list --json` writes."""

    version: Literal[1] = 1
    items: tuple[Listed, ...]

    @classmethod
    def of(cls, items: Iterable[Item]) -> ListDocument:
        """These items, as they are written."""
        return cls(items=tuple(Listed(**asdict(item), command=item.command) for item in items))


class Learnt(msgspec.Struct, frozen=True):
    """A misconception that a right answer has put right, and what is so instead."""

    misconception: str
    so: str


class ProgressDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `mtlearn progress --json` writes; `done` has of each kind how many are done, of how many."""

    version: Literal[1] = 1
    tasks: tuple[Studied, ...]
    learnt: tuple[Learnt, ...]
    done: dict[ItemKind, tuple[int, int]]
    seconds: int
    next: str


@dataclass(frozen=True)
class Standing:
    """All of it, in the order of the course.

    learnt     the misconceptions that a right answer in a quiz has put right
    next_item  what to go on with; None when all of it is done
    """

    items: tuple[Item, ...]
    studied: tuple[Studied, ...]
    learnt: tuple[Misconception, ...]
    next_item: Item | None

    @property
    def next_command(self) -> str:
        """The command to go on with."""
        return self.next_item.command if self.next_item else "mtlearn demo --list"

    def count(self, kind: ItemKind) -> tuple[int, int]:
        """How many of a kind are done, of how many."""
        done = [item.done for item in self.items if item.kind == kind]
        return sum(done), len(done)

    @property
    def document(self) -> ProgressDocument:
        """What was done, as it is written."""
        return ProgressDocument(
            tasks=self.studied,
            learnt=tuple(Learnt(misconception.says, misconception.so) for misconception in self.learnt),
            done={kind: self.count(kind) for kind in KINDS},
            seconds=round(sum(task.seconds for task in self.studied)),
            next=self.next_command,
        )


def standing(course: Course, progress: Progress) -> Standing:
    """Where the learner stands in the course. Raises MtlearnError when the course is damaged."""
    outline = course.outline()
    left = list(outline.exercises)
    items: list[Item] = []
    studied: list[Studied] = []
    right: set[int] = set()
    for lesson in outline.lessons:
        exercises = [exercise for exercise in left if exercise.task == lesson.number]
        left = [exercise for exercise in left if exercise not in exercises]
        known, tried = progress.lesson(lesson.number), [progress.exercise(each.name) for each in exercises]
        own = list(map(_exercise, exercises, tried))
        items += [_lesson(lesson, known), *_demos(lesson, progress.demos), *own]
        right.update(_misconceptions(lesson, known.answers))
        studied.append(
            Studied(
                lesson.number,
                lesson.title,
                _lesson(lesson, known).state,
                _reached(lesson, known),
                _predicted(lesson, known),
                _answered(lesson, known),
                own[0].state if own else "",
                sum(sum(each.attempts.values()) for each in tried),
                sum(each.hints for each in tried),
                known.seconds + sum(each.seconds for each in tried),
            )
        )
    items += [_exercise(exercise, progress.exercise(exercise.name)) for exercise in left]
    learnt = tuple(each for each in outline.misconceptions if each.number in right)
    return Standing(tuple(items), tuple(studied), learnt, _next(items))


def lesson_at_hand(course: Course, progress: Progress) -> Lesson:
    """The lesson to go on with: the one seen last, else the first; not one that is finished, as long as there is."""
    known = {number: progress.lesson(number) for number in course.lesson_numbers()}
    open_ = [number for number in known if not known[number].finished] or list(known)
    return course.lesson(max(open_, key=lambda number: (known[number].seen or 0, -number)))


def at_hand(course: Course, progress: Progress, language: str) -> Exercise:
    """The exercise to go on with: the one worked on last, else the first; not one that is passed, as long as there is.

    Raises MtlearnError when the course has no exercise.
    """
    exercises = course.exercises()
    known = {exercise.name: progress.exercise(exercise.name) for exercise in exercises}
    open_ = [exercise for exercise in exercises if known[exercise.name].status.get(language) != "pass"] or exercises
    return max(open_, key=lambda exercise: known[exercise.name].seen or 0)


def following(course: Course, progress: Progress, exercise: Exercise, language: str) -> Exercise | None:
    """The next exercise after this one that is not passed in the language, from the beginning again; None: no other."""
    exercises = course.exercises()
    at = exercises.index(exercise)
    around = exercises[at + 1 :] + exercises[:at]
    return next((each for each in around if progress.exercise(each.name).status.get(language) != "pass"), None)


def _lesson(lesson: LessonOutline, known: LessonProgress) -> Item:
    state = "finished" if known.finished else "begun" if known.step else "not begun"
    return Item("lesson", str(lesson.number), lesson.number, lesson.title, state, known.finished)


def _demos(lesson: LessonOutline, runs: Mapping[str, int]) -> list[Item]:
    return [
        Item(
            "demo",
            demo.name,
            lesson.number,
            demo.shows,
            "seen" if runs.get(demo.name) else "not seen",
            demo.name in runs,
        )
        for demo in lesson.demos
    ]


def _exercise(exercise: ExerciseOutline, known: ExerciseProgress) -> Item:
    passed = [name for kind, name in LANGUAGES.items() if known.status.get(kind) == "pass"]
    state = f"passed in {' and '.join(passed)}" if passed else "not passed yet"
    return Item("exercise", exercise.name, exercise.task, exercise.title, state, bool(passed))


def _predicted(lesson: LessonOutline, known: LessonProgress) -> tuple[int, int]:
    true = [known.predicted[key] for key in lesson.predictions if key in known.predicted]
    return sum(true), len(true)


def _answered(lesson: LessonOutline, known: LessonProgress) -> tuple[int, int]:
    right = [known.answers[q.text] == q.right for q in lesson.questions if q.text in known.answers]
    return sum(right), len(right)


def _misconceptions(lesson: LessonOutline, answers: Mapping[str, int]) -> set[int]:
    return {number for q in lesson.questions if answers.get(q.text) == q.right for number in q.misconceptions}


def _reached(lesson: LessonOutline, known: LessonProgress) -> float:
    if known.finished:
        return 1.0
    keys = lesson.steps
    return round(keys.index(known.step) / len(keys), 2) if known.step in keys else 0.0


def _next(items: list[Item]) -> Item | None:
    return next((item for item in items if item.kind != "demo" and not item.done), None)
