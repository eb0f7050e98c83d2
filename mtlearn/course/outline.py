"""The outline of the course: what a list, a bar or a completion needs of it, worked out once for its files as they are.

To load all lessons takes as long as to import Rich. So their outline is kept, as Python keeps compiled modules: in
`__pycache__` beside the sources, with their hash. Whatever is wrong with it, it is worked out again.
"""

from __future__ import annotations

import sys
from importlib.util import source_hash
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mtlearn.course.manifest import Misconception, misconceptions

if TYPE_CHECKING:
    from mtlearn.course.content import Course


class Asked(msgspec.Struct, frozen=True):
    """A question of a quiz: its text, the number of the right choice (0-based), the misconceptions it puts right."""

    text: str
    right: int
    misconceptions: tuple[int, ...]


class Shown(msgspec.Struct, frozen=True):
    """A demo, or a scene to be played: its name, and in one sentence what it shows."""

    name: str
    shows: str


class LessonOutline(msgspec.Struct, frozen=True):
    """A lesson: the keys of its steps and of its predictions, the questions of its quizzes, its demos."""

    number: int
    title: str
    steps: tuple[str, ...]
    predictions: tuple[str, ...]
    questions: tuple[Asked, ...]
    demos: tuple[Shown, ...]


class ExerciseOutline(msgspec.Struct, frozen=True):
    """An exercise, and the task it belongs to; `explored` says whether its checks look for an order that breaks it."""

    task: int
    name: str
    title: str
    explored: bool


class Outline(msgspec.Struct, frozen=True):
    """All there is, in the order of the course."""

    lessons: tuple[LessonOutline, ...]
    exercises: tuple[ExerciseOutline, ...]
    scenes: tuple[Shown, ...]
    misconceptions: tuple[Misconception, ...]


class _Kept(msgspec.Struct, frozen=True):
    """What stands in the file: the hash of the sources, in hexadecimal digits, and the outline of these."""

    sources: str
    outline: Outline


def outline(course: Course) -> Outline:
    """The outline of a course. Raises MtlearnError when the course is damaged."""
    sources, file = _hash(course.root), course.root / "lessons" / "__pycache__" / "outline.json"
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        kept = None
    if kept and kept.sources == sources:
        return kept.outline
    made = _made(course)
    if not sys.dont_write_bytecode:
        _keep(file, msgspec.json.encode(_Kept(sources, made)))
    return made


def _hash(root: Path) -> str:
    """The hash of all that an outline is made of, and of what makes it."""
    lessons, here = sorted((root / "lessons").glob("lesson_*/")), Path(__file__)
    files = [folder / name for folder in lessons for name in ("lesson.py", "quiz.toml")]
    files += sorted((root / "exercises").glob("*/exercise.toml"))
    files += [root / "lessons" / name for name in ("misconceptions.toml", "scenes/scenes.py")]
    files += [here, *(here.with_name(f"{name}.py") for name in ("exercise", "lesson", "quiz", "manifest"))]
    read = [file.read_bytes() if file.exists() else b"" for file in files]
    return source_hash(b"\0".join([str(root).encode(), *read])).hex()


def _made(course: Course) -> Outline:
    from mtlearn.course.lesson import Lesson, Predict
    from mtlearn.course.quiz import Quiz

    def of(lesson: Lesson) -> LessonOutline:
        quizzes = [step for step in lesson.steps if isinstance(step, Quiz)]
        return LessonOutline(
            lesson.number,
            lesson.title,
            tuple(step.key for step in lesson.steps),
            tuple(step.key for step in lesson.steps if isinstance(step, Predict)),
            tuple(Asked(each.text, each.right, each.misconceptions) for quiz in quizzes for each in quiz.questions),
            tuple(Shown(demo.name, demo.shows) for demo in lesson.demos),
        )

    return Outline(
        tuple(map(of, course.lessons())),
        tuple(ExerciseOutline(each.task, each.name, each.title, each.explored) for each in course.exercises()),
        tuple(Shown(scene.name, scene.about) for scene in course.scenes()),
        misconceptions(course.root / "lessons"),
    )


def _keep(file: Path, data: bytes) -> None:
    """Write it in one step, if it can be written: another command may read it meanwhile."""
    import os
    import tempfile
    from contextlib import suppress

    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
