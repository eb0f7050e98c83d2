"""Finding and loading the course: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtlearn.course.names import exercise_name
from mtlearn.errors import MtlearnError, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise
    from mtlearn.course.lesson import Demo, Lesson
    from mtlearn.course.outline import Outline
    from mtlearn.course.scene import Scene

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Course:
    """All lessons and exercises below one folder; each is loaded when it is asked for."""

    root: Path

    def outline(self) -> Outline:
        """What there is, without loading it. Raises MtlearnError when the course is damaged."""
        from mtlearn.course.outline import outline

        return outline(self)

    def lesson_numbers(self) -> tuple[int, ...]:
        """The tasks there are a lesson for."""
        return _numbers(self.root / "lessons", "lesson")

    def lesson(self, number: int) -> Lesson:
        """One lesson. Raises MtlearnError when there is none of that number, or it is damaged."""
        known = self.lesson_numbers()
        if number not in known:
            raise unknown_name("lesson", str(number), map(str, known), "mtlearn lesson")
        return _load_lesson(self.lesson_folder(number))

    def lesson_folder(self, number: int) -> Path:
        """Where a lesson lies."""
        return self.root / "lessons" / f"lesson_{number:02d}"

    def lessons(self) -> tuple[Lesson, ...]:
        """Every lesson, by number."""
        return tuple(self.lesson(number) for number in self.lesson_numbers())

    def demo(self, name: str) -> tuple[Lesson, Demo]:
        """A demo and the lesson it belongs to. Raises MtlearnError when there is no such demo."""
        demos = {demo.name: (lesson, demo) for lesson in self.lessons() for demo in lesson.demos}
        if name not in demos:
            raise unknown_name("demo", name, demos, "mtlearn demo", "mtlearn demo --list")
        return demos[name]

    def exercises(self) -> tuple[Exercise, ...]:
        """Every exercise: those of the lessons by number, then those that have a name of their own."""
        folder = self.root / "exercises"
        numbered = [f"exercise_{number:02d}" for number in _numbers(folder, "exercise")]
        named = sorted({file.parent.name for file in folder.glob("*/exercise.toml")} - set(numbered))
        return tuple(map(self._exercise, [*numbered, *named]))

    def exercise(self, name: str) -> Exercise:
        """An exercise by its name, "exercise-5" or just "5". Raises MtlearnError when there is none."""
        exercises = {exercise.name: exercise for exercise in self.exercises()}
        found = exercises.get(exercise_name(name))
        if found is None:
            raise unknown_name("exercise", name, exercises, "mtlearn check", "mtlearn list")
        return found

    def scenes(self) -> tuple[Scene, ...]:
        """Every scene to be played, in order."""
        folder = self.root / "lessons" / "scenes"
        scenes: tuple[Scene, ...] = _constant(folder / "scenes.py", "SCENES")
        return tuple(replace(scene, folder=folder) for scene in scenes)

    def _exercise(self, folder: str) -> Exercise:
        from mtlearn.course.exercise import Exercise

        return Exercise(exercise_name(folder), self.root / "exercises" / folder, self.root / "solutions" / folder)


def load() -> Course:
    """The course that came with this mtlearn. Raises MtlearnError when its content is not there."""
    for root in (PACKAGE / "content", PACKAGE.parent):
        if (root / "lessons").is_dir() and (root / "exercises").is_dir():
            return Course(root)
    raise MtlearnError(
        "The course's content was not found.",
        f"There is neither {PACKAGE / 'content'} nor a folder `lessons` beside {PACKAGE}.",
        "Install mtlearn again: pip install --force-reinstall mtlearn",
    )


def _numbers(folder: Path, kind: str) -> tuple[int, ...]:
    found = (re.fullmatch(kind + r"_(\d\d)", path.name) for path in folder.iterdir())
    return tuple(sorted(int(match[1]) for match in found if match))


def _constant(file: Path, name: str) -> Any:
    """What a module of the course declares under that name."""
    from mtlearn.course.files import broken

    spec = importlib.util.spec_from_file_location(f"mtlearn_content_{file.parent.name}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        return getattr(module, name)
    except Exception as error:
        raise broken(file, f"{type(error).__name__}: {error}") from error


def _load_lesson(folder: Path) -> Lesson:
    from mtlearn.course.files import broken, manifest, read, sections
    from mtlearn.course.lesson import Demo, Predict, Text
    from mtlearn.course.predictions import with_answers
    from mtlearn.course.quiz import Quiz, questions

    lesson: Lesson = _constant(folder / "lesson.py", "LESSON")
    words = sections(read(folder / "words.md"))
    headings = {step.heading for step in lesson.steps if isinstance(step, Text)}
    if headings != words.keys():
        odd = ", ".join(sorted(headings ^ words.keys()))
        raise broken(folder / "words.md", f"its headings and the lesson's steps differ in: {odd}")
    predictions = with_answers(tuple(step for step in lesson.steps if isinstance(step, Predict)), folder)
    answered = {prediction.key: prediction for prediction in predictions}
    durations = folder.parent / "durations.toml"
    took_s = manifest(durations, dict[str, float]) if durations.exists() else {}
    steps = tuple(
        answered[step.key]
        if isinstance(step, Predict)
        else replace(step, questions=questions(folder, step.figures))
        if isinstance(step, Quiz)
        else replace(step, took_s=took_s.get(step.name))
        if isinstance(step, Demo)
        else step
        for step in lesson.steps
    )
    return replace(lesson, steps=steps, words=words, folder=folder)
