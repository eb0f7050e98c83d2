"""What can be said of a lesson, of the beliefs and of an exercise's files without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mtlearn.course.content import Course
from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.lesson import Demo, Lesson, Predict, Quiz, Text
from mtlearn.course.manifest import Covers, beliefs, covers
from mtlearn.selfcheck.point import Point

QUESTIONS, HINTS, KNOWN_WRONG = 5, 3, 6  # at least, exactly, at least in each language
CODE_WIDTH = 77  # characters of a line of code that a terminal of 80 columns does not break


def lesson_points(lesson: Lesson) -> Iterator[Point]:
    """Whether a lesson covers what it must, asks before it shows, and closes with a sound quiz."""
    part = f"lesson-{lesson.number}"
    for each in covers(lesson.folder):
        wrong = _uncovered(lesson, each)
        yield Point(part, "", f"covers {each.what}", not wrong, wrong)
    for before, step in zip((None, *lesson.steps), lesson.steps, strict=False):
        if isinstance(step, Demo):
            asked = isinstance(before, Predict) and before.demo == step.name
            yield Point(part, "", f"{step.name} is predicted", asked, "" if asked else "no question stands before it")
            for kind in step.runtimes:
                script = lesson.script(step, kind)
                yield Point(part, kind, f"{step.name} has a script", script.is_file(), script.name)
    keys = [step.key for step in lesson.steps]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    yield Point(part, "", "every step has a key of its own", not twice, ", ".join(twice))
    wrong = _unsound([step for step in lesson.steps if isinstance(step, Quiz)])
    yield Point(part, "", "the quiz is sound", not wrong, wrong)
    yield _code_fits(part, (lesson.words or {}).values())


def _code_fits(part: str, texts: Iterable[str]) -> Point:
    """Whether the lines of code in Markdown are shown unbroken."""
    blocks = [block for text in texts for block in text.split("```")[1::2]]
    long = [line for block in blocks for line in block.splitlines() if len(line) > CODE_WIDTH]
    return Point(part, "", "its code fits into a terminal", not long, long[0] if long else "")


def _uncovered(lesson: Lesson, what: Covers) -> str:
    """What is missing for this to be covered; empty where nothing is."""
    if what.step not in [step.heading for step in lesson.steps if isinstance(step, Text)]:
        return f"there is no step “{what.step}”"
    text = " ".join(re.sub(r"\*+", "", (lesson.words or {})[what.step]).split())
    lacking = [word for word in what.words if word not in text]
    if lacking or not what.words:
        return f"“{what.step}” does not say: {', '.join(lacking) or 'anything asked for'}"
    if what.demo and what.demo not in [demo.name for demo in lesson.demos]:
        return f"there is no demo {what.demo}"
    return ""


def _unsound(quizzes: list[Quiz]) -> str:
    """What is wrong with a lesson's quiz; empty where nothing is."""
    if len(quizzes) != 1:
        return f"there are {len(quizzes)} quizzes"
    questions = quizzes[0].questions
    if len({question.text for question in questions}) < max(QUESTIONS, len(questions)):
        return f"it has fewer than {QUESTIONS} questions, or one of them twice"
    for question in questions:
        if question.right not in range(len(question.choices)) or not question.reason:
            return f"“{question.text}” has no right choice, or no reason"
    if len({question.right for question in questions}) == 1:
        return "the right answer has the same number everywhere"
    return ""


def belief_points(course: Course) -> Iterator[Point]:
    """Whether every belief is asked in the quiz of its task and, where code can hold it, held by a known-wrong file."""
    asked: dict[int, set[int]] = {}
    for lesson in course.lessons():
        numbers = {n for step in lesson.steps if isinstance(step, Quiz) for q in step.questions for n in q.beliefs}
        asked[lesson.number] = numbers
    held = {n for e in course.exercises() for kind in SUFFIX for wrong in e.known_wrong(kind) for n in wrong.beliefs}
    for belief in beliefs(course.root / "lessons"):
        here = belief.number in asked.get(belief.task, ())
        yield Point("beliefs", "", f"{belief.number} is asked: {belief.says}", here, f"in lesson {belief.task}")
        if belief.code:
            yield Point("beliefs", "", f"{belief.number} has a known-wrong file: {belief.says}", belief.number in held)


def exercise_points(exercise: Exercise) -> Iterator[Point]:
    """Whether an exercise has all its files, in both languages alike."""
    number = len(exercise.hints())
    yield Point(exercise.name, "", "there are three hints", number == HINTS, f"there are {number}")
    yield _code_fits(exercise.name, exercise.hints())
    yield Point(exercise.name, "", "the statement has a title", bool(exercise.title), exercise.title)
    for kind in SUFFIX:
        for file in (exercise.starter(kind), exercise.scenarios(kind), exercise.solution(kind)):
            yield Point(exercise.name, kind, f"there is a {file.name}", file.is_file())
        wrongs = exercise.known_wrong(kind)
        different = len({wrong.belief for wrong in wrongs})
        enough = different == len(wrongs) >= KNOWN_WRONG
        told = f"{len(wrongs)} files, {different} beliefs"
        yield Point(exercise.name, kind, "there are known-wrong files, each of a belief of its own", enough, told)
