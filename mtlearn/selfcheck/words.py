"""What can be said of a lesson, of the misconceptions and of an exercise's files without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mtlearn.course.content import Course
from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.lesson import Demo, Lesson, Predict, Text
from mtlearn.course.manifest import Covers, covers, misconceptions
from mtlearn.course.mutants import mutants
from mtlearn.course.quiz import Quiz
from mtlearn.selfcheck.point import Point

QUESTIONS, HINTS, MUTANTS = 7, 3, 6  # at least, exactly, at least in each language
CHOICES = 3  # of a question, at least
BEFORE = 120  # words before the first prediction, at most: half a minute
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
    yield from _asked_first(lesson)
    keys = [step.key for step in lesson.steps]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    yield Point(part, "", "every step has its own key", not twice, ", ".join(twice))
    wrong = _unsound([step for step in lesson.steps if isinstance(step, Quiz)])
    yield Point(part, "", "the quiz is sound", not wrong, wrong)
    yield _code_fits(part, (lesson.words or {}).values())


def _asked_first(lesson: Lesson) -> Iterator[Point]:
    """Whether there is something to do at once, and nothing tells what a prediction asks before it has been made."""
    part, steps, words = f"lesson-{lesson.number}", lesson.steps, lesson.words or {}
    first = next((number for number, step in enumerate(steps) if isinstance(step, Predict)), len(steps))
    read = sum(len(words[step.heading].split()) for step in steps[:first] if isinstance(step, Text))
    yield Point(part, "", "there is something to do at once", read <= BEFORE, f"{read} words to read before it")
    headings = [step.heading if isinstance(step, Text) else "" for step in steps]
    for number, step in enumerate(steps):
        if isinstance(step, Predict):
            early = [each for each in headings[:number] if each and step.tells in _flat(words[each])]
            wrong = ""
            if not step.tells or step.answered not in headings[number:]:
                wrong = "predictions.toml does not say where it is answered"
            elif step.tells not in _flat(words[step.answered]):
                wrong = f"“{step.answered}” does not say: {step.tells}"
            elif early:
                wrong = f"“{early[0]}” says before: {step.tells}"
            elif not all(why.endswith((".", ".)")) for why in step.whys):
                wrong = "one of its choices is not answered by a sentence"
            yield Point(part, "", f"it asks first: {step.question}", not wrong, wrong)


def _flat(text: str) -> str:
    """Markdown in one line, without its stars."""
    return " ".join(re.sub(r"\*+", "", text).split())


def _code_fits(part: str, texts: Iterable[str]) -> Point:
    """Whether the lines of code in Markdown are shown unbroken."""
    blocks = [block for text in texts for block in text.split("```")[1::2]]
    long = [line for block in blocks for line in block.splitlines() if len(line) > CODE_WIDTH]
    return Point(part, "", "its code fits into a terminal", not long, long[0] if long else "")


def _uncovered(lesson: Lesson, what: Covers) -> str:
    """What is missing for this to be covered; empty where nothing is."""
    if what.step not in [step.heading for step in lesson.steps if isinstance(step, Text)]:
        return f"there is no step “{what.step}”"
    text = _flat((lesson.words or {})[what.step])
    lacking = [word for word in what.words if word not in text]
    if lacking or not what.words:
        return f"“{what.step}” does not say: {', '.join(lacking) or 'anything asked for'}"
    if what.demo and what.demo not in [demo.name for demo in lesson.demos]:
        return f"there is no demo {what.demo}"
    if bool(what.demo) == bool(what.undemonstrated):
        return "it names no demo, and no reason why none shows it" if not what.demo else "it names a demo, and why none"
    asked = [step.question for step in lesson.steps if isinstance(step, Predict)]
    asked += [question.text for step in lesson.steps if isinstance(step, Quiz) for question in step.questions]
    if not what.asked or not any(what.asked in question for question in asked):
        return f"no question asks: {what.asked or 'it names none'}"
    return ""


def _unsound(quizzes: list[Quiz]) -> str:
    """What is wrong with a lesson's quiz; empty where nothing is."""
    if len(quizzes) != 1:
        return f"there are {len(quizzes)} quizzes"
    questions = quizzes[0].questions
    if len({question.text for question in questions}) < max(QUESTIONS, len(questions)):
        return f"it has fewer than {QUESTIONS} questions, or one of them twice"
    for question in questions:
        if len({choice.says for choice in question.choices}) < max(CHOICES, len(question.choices)):
            return f"“{question.text}” has fewer than {CHOICES} choices, or one of them twice"
        for choice in question.choices:
            if not choice.why.endswith((".", ".)")):
                return f"“{question.text}”: “{choice.says}” is not answered by a sentence"
    if len({question.right for question in questions}) == 1:
        return "the right answer has the same number everywhere"
    return ""


def misconception_points(course: Course) -> Iterator[Point]:
    """Whether each misconception is asked in its task's quiz and, where code can hold it, by a mutant."""
    asked: dict[int, set[int]] = {}
    for lesson in course.lessons():
        questions = [q for step in lesson.steps if isinstance(step, Quiz) for q in step.questions]
        asked[lesson.number] = {n for question in questions for n in question.misconceptions}
    wrongs = [wrong for e in course.exercises() for kind in SUFFIX for wrong in mutants(e, kind)]
    held = {n for wrong in wrongs for n in wrong.misconceptions}
    for each in misconceptions(course.root / "lessons"):
        here = each.number in asked.get(each.task, ())
        yield Point("misconceptions", "", f"{each.number} is asked: {each.says}", here, f"in lesson {each.task}")
        if each.code:
            yield Point("misconceptions", "", f"{each.number} has a mutant: {each.says}", each.number in held)


def exercise_points(exercise: Exercise) -> Iterator[Point]:
    """Whether an exercise has all its files, in both languages alike."""
    number, wanted, told = len(exercise.hints()), HINTS, "there are three hints"
    if exercise.starts_wrong:
        wanted, told = len({wrong.fails for wrong in mutants(exercise, "python")}), "there is a hint for each mistake"
    yield Point(exercise.name, "", told, number == wanted, f"there are {number}")
    yield _code_fits(exercise.name, exercise.hints())
    heading = f"# {exercise.label} · {exercise.title}"
    same = exercise.statement.startswith(f"{heading}\n")
    yield Point(exercise.name, "", "the statement has the exercise's title", same, heading)
    for kind in SUFFIX:
        for file in (exercise.starter(kind), exercise.scenarios(kind), exercise.solution(kind)):
            yield Point(exercise.name, kind, f"there is a {file.name}", file.is_file())
        wrongs = mutants(exercise, kind)
        different = len({wrong.misconception for wrong in wrongs})
        enough = different == len(wrongs) >= MUTANTS
        told = f"{len(wrongs)} mutants, {different} misconceptions"
        yield Point(exercise.name, kind, "there are mutants, each with its own misconception", enough, told)
        stray = {file.name for file in (exercise.folder / "known_wrong").glob(f"*{SUFFIX[kind]}")}
        stray -= {wrong.file_name for wrong in wrongs if not wrong.changes}
        yield Point(exercise.name, kind, "every known-wrong file is in its TOML", not stray, ", ".join(sorted(stray)))
