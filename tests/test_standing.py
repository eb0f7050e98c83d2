"""mtlearn.learner.standing: where the learner stands in the course."""

from __future__ import annotations

import json

import pytest

from mtlearn.course.content import load
from mtlearn.course.lesson import Predict
from mtlearn.course.manifest import misconceptions
from mtlearn.course.quiz import Question, Quiz
from mtlearn.learner.progress import ExerciseProgress, LessonProgress, Progress
from mtlearn.learner.standing import at_hand, following, standing
from mtlearn.system.documents import written

COURSE = load()
NAMES = [exercise.name for exercise in COURSE.exercises()]
LESSON = COURSE.lesson(5)
PREDICTIONS = [step for step in LESSON.steps if isinstance(step, Predict)]
QUESTIONS: list[Question] = [q for step in LESSON.steps if isinstance(step, Quiz) for q in step.questions]


def passed(*names: str, language: str = "python") -> Progress:
    """The progress of somebody who passed these exercises."""
    return Progress(exercises={name: ExerciseProgress(status={language: "pass"}) for name in names})


def test_everything_is_there() -> None:
    """Every lesson, demo and exercise is an item, in the order of the course, and nothing is done at first."""
    items = standing(COURSE, Progress()).items
    assert [item.name for item in items if item.kind == "demo"] == [d.name for x in COURSE.lessons() for d in x.demos]
    assert [item.name for item in items if item.kind == "exercise"] == NAMES
    assert [item.name for item in items if item.kind == "lesson"] == [str(n) for n in COURSE.lesson_numbers()]
    assert [item.lesson for item in items] == sorted(item.lesson for item in items)
    assert {item.state for item in items} == {"not begun", "not seen", "not passed yet"}
    assert not any(item.done for item in items)


def test_states() -> None:
    """What was begun, finished, seen and passed says so."""
    progress = Progress(
        {1: LessonProgress("text: anything"), 2: LessonProgress(None, True)},
        {"exercise-5": ExerciseProgress(status={"node": "pass", "python": "pass"})},
        {"race": 3},
    )
    states = {
        item.label: (item.state, item.done) for item in standing(COURSE, progress).items if item.state[:3] != "not"
    }
    assert states == {
        "lesson 1": ("begun", False),
        "lesson 2": ("finished", True),
        "race": ("seen", True),
        "exercise-5": ("passed in Python and JavaScript", True),
    }


def test_commands() -> None:
    """Every item names the command that goes on with it."""
    commands = {item.label: item.command for item in standing(COURSE, Progress()).items}
    assert commands["lesson 5"] == "mtlearn lesson 5"
    assert commands["race"] == "mtlearn demo race"
    assert commands["exercise-5"] == "mtlearn check exercise-5"


@pytest.mark.parametrize(
    ("words", "found"),
    [("", True), ("LESSON 5", True), ("memory shar", True), ("not begun", True), ("lesson 6", False)],
)
def test_search(words: str, found: bool) -> None:
    """A search finds all of its words, in the name, the title or the state, in any order, however they are written."""
    [item] = [item for item in standing(COURSE, Progress()).items if item.label == "lesson 5"]
    assert item.matches(words) is found


def test_what_was_studied() -> None:
    """Predictions, answers, attempts, hints and time are counted task by task."""
    right, wrong = QUESTIONS[0], QUESTIONS[1]
    progress = Progress(
        {
            5: LessonProgress(
                answers={right.text: right.right, wrong.text: (wrong.right + 1) % 2, "of an older course": 1},
                predicted={PREDICTIONS[0].key: True, PREDICTIONS[1].key: False, "of an older course": True},
                seconds=60.0,
            )
        },
        {"exercise-5": ExerciseProgress(2, attempts={"python": 3, "node": 4}, seconds=30.0)},
    )
    stands = standing(COURSE, progress)
    [task] = [task for task in stands.studied if task.task == 5]
    assert (task.predicted, task.answered, task.attempts, task.hints, task.seconds) == ((1, 2), (1, 2), 7, 2, 90.0)
    known = {misconception.number: misconception for misconception in misconceptions(COURSE.root / "lessons")}
    assert list(stands.learnt) == [known[number] for number in right.misconceptions]
    told = json.loads(written(stands.document))
    assert list(told) == ["version", "tasks", "learnt", "done", "seconds", "next"]
    assert (told["version"], told["seconds"], told["done"]["lesson"]) == (1, 90, [0, len(COURSE.lesson_numbers())])


def test_next_command() -> None:
    """What to go on with: a lesson, then its exercise, then the next lesson."""
    first, second = COURSE.lesson_numbers()[:2]
    progress = Progress()
    commands = [standing(COURSE, progress).next_command]
    progress.lesson(first).finished = True
    commands.append(standing(COURSE, progress).next_command)
    progress.exercise(f"exercise-{first}").status["node"] = "pass"
    commands.append(standing(COURSE, progress).next_command)
    assert commands == [f"mtlearn lesson {first}", f"mtlearn check exercise-{first}", f"mtlearn lesson {second}"]


def test_the_exercise_at_hand() -> None:
    """It is the one worked on last; at first, and once that is passed, the first that is not passed."""
    assert at_hand(COURSE, Progress(), "python").name == NAMES[0]
    assert at_hand(COURSE, passed(NAMES[0]), "python").name == NAMES[1]
    assert at_hand(COURSE, passed(NAMES[0]), "node").name == NAMES[0]
    progress = passed(NAMES[0])
    progress.exercise(NAMES[0]).seen = 9.0
    progress.exercise(NAMES[2]).seen = 5.0
    progress.exercise(NAMES[1]).seen = 4.0
    assert at_hand(COURSE, progress, "python").name == NAMES[2]
    assert at_hand(COURSE, passed(*NAMES), "python").name == NAMES[0]


def test_the_exercise_that_follows() -> None:
    """After the last comes the first again; what is passed in this language is left out."""
    first, *_, last = COURSE.exercises()
    assert following(COURSE, Progress(), first, "python") == COURSE.exercises()[1]
    assert following(COURSE, Progress(), last, "python") == first
    assert following(COURSE, passed(NAMES[1]), first, "python") == COURSE.exercises()[2]
    assert following(COURSE, passed(NAMES[1]), first, "node") == COURSE.exercises()[1]
    assert following(COURSE, passed(*NAMES[1:]), first, "python") is None


def test_the_capstone_comes_last() -> None:
    """Behind the exercise of the last lesson comes the capstone, which belongs to that lesson."""
    last = COURSE.exercise(str(COURSE.lesson_numbers()[-1]))
    capstone = following(COURSE, Progress(), last, "python")
    assert capstone is not None
    assert (capstone.name, capstone.task) == ("capstone", last.task)
    assert [item.name for item in standing(COURSE, Progress()).items][-2:] == [last.name, "capstone"]
