"""From what was typed to the lesson, demo or exercise that is meant; in a terminal, a near miss is asked about."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from mtlearn.cli.shared import language_of, languages, packages, progress_file
from mtlearn.errors import MtlearnError, nearest, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.content import Course
    from mtlearn.course.exercise import Exercise
    from mtlearn.course.lesson import Demo, Lesson
    from mtlearn.lab.runtime import Runtime

_Meant = TypeVar("_Meant")

_ARTICLES = {"lesson": "a lesson", "demo": "a demo", "exercise": "an exercise", "scene": "a scene to play"}


def lesson_named(course: Course, typed: str | None, command: str) -> Lesson:
    """The lesson that is meant; without a name, the one to go on with. Raises MtlearnError when there is none."""
    from mtlearn.course.names import number_in
    from mtlearn.learner.standing import lesson_at_hand

    if typed is None:
        return lesson_at_hand(course, progress_file().read())
    numbers = course.lesson_numbers()
    number = number_in(typed)
    if number and number.kind != "exercise" and number.value in numbers:
        return course.lesson(number.value)
    return _otherwise(
        course, "lesson", typed, command, [str(each) for each in numbers], lambda name: course.lesson(int(name))
    )


def exercise_named(course: Course, typed: str | None, command: str, language: str = "python") -> Exercise:
    """The exercise that is meant, by its name or by the path of a solution; without one, the one to go on with.

    Raises MtlearnError when there is none.
    """
    from mtlearn.course.names import exercise_name, exercise_of_path, is_path, number_in
    from mtlearn.learner.standing import at_hand

    if typed is None:
        return at_hand(course, progress_file().read(), language)
    known = {exercise.name: exercise for exercise in course.exercises()}
    if is_path(typed):
        if (name := exercise_of_path(Path(typed), known)) in known:
            return known[name]
        raise MtlearnError(
            f"Which exercise does {typed} solve?",
            "Neither its name nor the folders above it say which exercise it is.",
            f"mtlearn check EXERCISE --file {typed}, with a name such as exercise-5.",
        )
    number = number_in(typed)
    if (name := exercise_name(typed)) in known and not (number and number.kind == "lesson"):
        return known[name]
    return _otherwise(course, "exercise", typed, command, list(known), course.exercise)


@dataclass(frozen=True)
class FileTyped:
    """What a command was told of files.

    file       the one to grade; None: the learner's own, in the workspace
    workspace  the folder it is in, where that is known
    runtime    the language its name says it is in
    """

    file: Path | None
    workspace: Path | None
    runtime: str | None = None


def file_typed(exercise: str | None, file: Path | None, workspace: Path | None) -> FileTyped:
    """What `check FILE` means: the file of a workspace is the learner's own, any other is graded as with --file."""
    from mtlearn.course.content import load
    from mtlearn.course.names import is_path
    from mtlearn.learner.workspace import MARKER

    if exercise is None or not is_path(exercise):
        return FileTyped(file, workspace)
    if file is not None:
        raise MtlearnError(
            f"Two files were given: {exercise} and {file}.",
            "Each of them is to be graded.",
            f"Leave out --file {file}.",
        )
    path = Path(exercise)
    folder, language = path.absolute().parent, language_of_file(None, path)
    own = folder.name in [each.name for each in load().exercises()]
    if (folder.parent / MARKER).is_file() and path.stem == "exercise" and own and path.exists():
        return FileTyped(None, folder.parent, language)
    return FileTyped(path, workspace, language)


def demo_named(course: Course, typed: str, command: str = "demo") -> tuple[Lesson, Demo]:
    """The demo that is meant, with its lesson. Raises MtlearnError when there is none."""
    from mtlearn.course.names import plain

    demos = {demo.name: (lesson, demo) for lesson in course.lessons() for demo in lesson.demos}
    if found := demos.get(plain(typed)):
        return found
    return _otherwise(course, "demo", typed, command, list(demos), demos.__getitem__)


def not_a_command(course: Course, words: Sequence[str], known: list[str]) -> MtlearnError:
    """What to say to `mtlearn race`, to `mtlearn chek 5`, and to what is like the name of nothing.

    words  the command that was typed, and what follows it
    known  the commands that there are
    """
    from mtlearn.course.names import plain

    typed, *rest = words
    wrong = f"`{typed}` is not a command."
    if commands := _commands(course, typed):
        return MtlearnError(wrong, "A command comes first, then the name of what it is for.", ", or ".join(commands))
    near = {name: [shlex.join(["mtlearn", name, *rest])] for name in nearest(typed, known)}
    near = near or {name: _commands(course, name) for name in nearest(plain(typed), _names(course))}
    meant = ", or ".join(command for commands in near.values() for command in commands)
    fix = "mtlearn -h shows the commands, mtlearn list all that they can be used on."
    if near:
        fix = f"Did you mean `{next(iter(near))}`? {meant}" if len(near) == 1 else f"Perhaps {meant}."
    return MtlearnError(wrong, "None is called just that.", fix)


def _commands(course: Course, typed: str) -> list[str]:
    """The commands that take what has this name."""
    return [f"mtlearn {command} {name}" for kind, name in _all_named(course, typed) for command in _COMMANDS[kind]]


def _names(course: Course) -> list[str]:
    outline = course.outline()
    demos = [demo.name for lesson in outline.lessons for demo in lesson.demos]
    return [*demos, *(exercise.name for exercise in outline.exercises), *(scene.name for scene in outline.scenes)]


_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("lesson",),
    "exercise": ("check",),
    "demo": ("demo",),
    "scene": ("play",),
}


def _otherwise(
    course: Course, kind: str, typed: str, command: str, known: list[str], take: Callable[[str], _Meant]
) -> _Meant:
    """Take what is nearly meant, once the learner has said so. Raises MtlearnError where nothing is, or nobody can."""
    from mtlearn.course.names import plain

    if others := [named for named in _all_named(course, typed) if named[0] != kind]:
        _is_another(kind, typed, command, others)
    near = nearest(plain(typed), known)
    if len(near) == 1 and sys.stdin.isatty() and sys.stderr.isatty():
        if typer.confirm(f"There is no {kind} `{typed}`. Do you mean `{near[0]}`?", default=True, err=True):
            return take(near[0])
        raise typer.Abort
    raise unknown_name(kind, typed, known, f"mtlearn {command}", "mtlearn demo --list" if kind == "demo" else None)


def _is_another(kind: str, typed: str, command: str, others: list[tuple[str, str]]) -> NoReturn:
    other, name = others[0]
    raise MtlearnError(
        f"`{typed}` is {_ARTICLES[other]}, not {_ARTICLES[kind]}.",
        f"`mtlearn {command}` takes {_ARTICLES[kind]}.",
        f"mtlearn {_COMMANDS[other][0]} {name}",
    )


def _all_named(course: Course, typed: str) -> list[tuple[str, str]]:
    """Everything of the course that has this name, as (kind, name as its command takes it)."""
    from mtlearn.course.names import exercise_name, number_in, plain

    called = exercise_name(typed)
    exercises = [("exercise", each.name) for each in course.outline().exercises if each.name == called]
    if number := number_in(typed):
        lessons = [("lesson", str(number.value))] if number.value in course.lesson_numbers() else []
        return [named for named in lessons + exercises if number.kind in (None, named[0])]
    demos = [("demo", demo.name) for lesson in course.outline().lessons for demo in lesson.demos]
    scenes = [("scene", scene.name) for scene in course.outline().scenes]
    return exercises + [named for named in demos + scenes if named[1] == plain(typed)]


def language_of_file(runtime: str | None, file: Path | None) -> str:
    """The language to run it in, from the option or from the file's name."""
    by_suffix = {".py": "python", ".mjs": "node", ".js": "node"}
    of_file = by_suffix.get(file.suffix.lower()) if file else None
    language_of(runtime)
    if file and of_file is None:
        raise MtlearnError(
            f"{file} is neither Python nor JavaScript.",
            "Its name does not end in .py, .mjs or .js.",
            "Rename it so that it ends in .py or .mjs.",
        )
    if runtime and of_file and runtime != of_file:
        raise MtlearnError(
            f"{file} cannot be run with --runtime {runtime}.",
            f"Its name says that it is {languages([of_file])[0]}.",
            "Leave --runtime out.",
        )
    return runtime or of_file or "python"


def another_runtime(name: str | None) -> Runtime | None:
    """The runtime to use, where --runtime names an executable; None where it names a language.

    Raises MtlearnError for one that is not there.
    """
    import shutil

    from mtlearn.lab.runtime import FROM_NPM, find

    if name is None or not (name in FROM_NPM or "/" in name or "\\" in name or shutil.which(name)):
        return None
    if name in ("python", "node"):
        return None
    return find(name, packages())
