"""How far the learner has come: every lesson, demo and exercise with its state, and what was learnt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from mtlearn.course.content import Course
from mtlearn.course.exercise import Exercise
from mtlearn.course.lesson import Lesson, Predict, Quiz
from mtlearn.course.manifest import Belief, beliefs
from mtlearn.learner.progress import ExerciseProgress, LessonProgress, Progress

Kind = Literal["lesson", "demo", "exercise"]
KINDS: tuple[Kind, ...] = ("lesson", "demo", "exercise")
LANGUAGES = {"python": "Python", "node": "JavaScript"}


@dataclass(frozen=True)
class Item:
    """One thing to learn by.

    name   as a command takes it: "5", "race", "exercise-5"
    state  in words: "begun", "passed in Python"
    done   whether it was finished, seen or passed
    """

    kind: Kind
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

    predicted and answered are (right, all that were made); attempts and hints are the exercise's.
    """

    task: int
    title: str
    lesson: str
    predicted: tuple[int, int]
    answered: tuple[int, int]
    exercise: str
    attempts: int
    hints: int
    seconds: float


@dataclass(frozen=True)
class Standing:
    """All of it, in the order of the course.

    learnt        the beliefs that a right answer in a quiz has put right
    next_command  what to go on with
    """

    items: tuple[Item, ...]
    studied: tuple[Studied, ...]
    learnt: tuple[Belief, ...]
    next_command: str

    def count(self, kind: Kind) -> tuple[int, int]:
        """How many of a kind are done, of how many."""
        done = [item.done for item in self.items if item.kind == kind]
        return sum(done), len(done)

    def to_json(self) -> dict[str, Any]:
        """Version 1 of the JSON that `mtlearn progress --json` writes."""
        return {
            "version": 1,
            "tasks": [asdict(task) for task in self.studied],
            "learnt": [{"belief": belief.says, "so": belief.so} for belief in self.learnt],
            "done": {kind: list(self.count(kind)) for kind in KINDS},
            "seconds": round(sum(task.seconds for task in self.studied)),
            "next": self.next_command,
        }


def standing(course: Course, progress: Progress) -> Standing:
    """Where the learner stands in the course. Raises MtlearnError when the course is damaged."""
    exercises = {exercise.number: exercise for exercise in course.exercises()}
    items: list[Item] = []
    studied: list[Studied] = []
    right: set[int] = set()
    for lesson in course.lessons():
        exercise, known = exercises.pop(lesson.number, None), progress.lesson(lesson.number)
        own = [_lesson(lesson, known), *_demos(lesson, progress.demos)]
        own += [_exercise(exercise, progress.exercise(exercise.name))] if exercise else []
        items += own
        tried = progress.exercise(exercise.name) if exercise else ExerciseProgress()
        right.update(_beliefs(lesson, known.answers))
        studied.append(
            Studied(
                lesson.number,
                lesson.title,
                own[0].state,
                _predicted(lesson, known),
                _answered(lesson, known),
                own[-1].state if exercise else "",
                sum(tried.attempts.values()),
                tried.hints,
                known.seconds + tried.seconds,
            )
        )
    items += [_exercise(exercise, progress.exercise(exercise.name)) for exercise in exercises.values()]
    learnt = tuple(belief for belief in beliefs(course.root / "lessons") if belief.number in right)
    return Standing(tuple(items), tuple(studied), learnt, _next(items))


def at_hand(course: Course, progress: Progress, language: str) -> Exercise:
    """The exercise to go on with: the one worked on last, else the first; not one that is passed, as long as there is.

    Raises MtlearnError when the course has no exercise.
    """
    exercises = course.exercises()
    known = {exercise.name: progress.exercise(exercise.name) for exercise in exercises}
    open_ = [exercise for exercise in exercises if known[exercise.name].status.get(language) != "pass"] or exercises
    return max(open_, key=lambda exercise: (known[exercise.name].seen or 0, -exercise.number))


def following(course: Course, progress: Progress, exercise: Exercise, language: str) -> Exercise | None:
    """The next exercise after this one that is not passed in the language, from the beginning again; None: no other."""
    exercises = course.exercises()
    at = exercises.index(exercise)
    around = exercises[at + 1 :] + exercises[:at]
    return next((each for each in around if progress.exercise(each.name).status.get(language) != "pass"), None)


def _lesson(lesson: Lesson, known: LessonProgress) -> Item:
    state = "finished" if known.finished else "begun" if known.step else "not begun"
    return Item("lesson", str(lesson.number), lesson.number, lesson.title, state, known.finished)


def _demos(lesson: Lesson, runs: Mapping[str, int]) -> list[Item]:
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


def _exercise(exercise: Exercise, known: ExerciseProgress) -> Item:
    passed = [name for kind, name in LANGUAGES.items() if known.status.get(kind) == "pass"]
    state = f"passed in {' and '.join(passed)}" if passed else "not passed yet"
    return Item("exercise", exercise.name, exercise.number, exercise.title, state, bool(passed))


def _predicted(lesson: Lesson, known: LessonProgress) -> tuple[int, int]:
    keys = [step.key for step in lesson.steps if isinstance(step, Predict)]
    true = [known.predicted[key] for key in keys if key in known.predicted]
    return sum(true), len(true)


def _answered(lesson: Lesson, known: LessonProgress) -> tuple[int, int]:
    right = [known.answers[q.text] == q.right for q in _questions(lesson) if q.text in known.answers]
    return sum(right), len(right)


def _beliefs(lesson: Lesson, answers: Mapping[str, int]) -> set[int]:
    return {number for q in _questions(lesson) if answers.get(q.text) == q.right for number in q.beliefs}


def _questions(lesson: Lesson) -> list[Any]:
    return [question for step in lesson.steps if isinstance(step, Quiz) for question in step.questions]


def _next(items: list[Item]) -> str:
    for item in items:
        if item.kind != "demo" and not item.done:
            return item.command
    return "mtlearn demo --list"
