"""What several commands share: options and arguments, where things are kept, and how they are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtlearn.cli import completion
from mtlearn.errors import tell, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.content import Course
    from mtlearn.course.exercise import Exercise
    from mtlearn.course.lesson import Lesson
    from mtlearn.learner.desk import Desk
    from mtlearn.learner.progress import ProgressFile


WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help="Your folder of exercises (default: found upwards from here)."),
]
LanguageOption = Annotated[
    str | None, typer.Option("--runtime", metavar="python|node", help="The language (default: python).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object (version 1) instead of text.")]
PlainOption = Annotated[bool, typer.Option("--plain", help="Text alone, as into a pipe, instead of a screen.")]
LessonArgument = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The task, such as 5.", autocompletion=completion.lessons)
]
DemoArgument = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help="The demo; without a name, they are listed.", autocompletion=completion.demos),
]
ExerciseArgument = Annotated[
    str, typer.Argument(metavar="EXERCISE", help="Its name, such as exercise-5.", autocompletion=completion.exercises)
]
ExerciseAtHand = Annotated[
    str | None,
    typer.Argument(
        metavar="EXERCISE",
        help="Its name (default: the one you worked on last, else the first that is not passed).",
        autocompletion=completion.exercises,
    ),
]


def show(*things: Any) -> None:
    """Print what `render` gave."""
    from mtlearn.render.screen import make_screen

    make_screen().console.print(*things)


def home() -> Path:
    """Where mtlearn keeps what it remembers."""
    from mtlearn.learner.progress import home

    return home()


def packages() -> Path:
    """Where the npm packages of the demos are."""
    return home().absolute() / "npm"


def progress_file(notice: Callable[[str], None] = tell) -> ProgressFile:
    """What the learner has done so far."""
    from mtlearn.learner.progress import ProgressFile

    return ProgressFile(home(), notice)


def desk(workspace: Path | None, notice: Callable[[str], None] = tell) -> Desk:
    """Where the learner works on the exercises."""
    from mtlearn.learner.desk import Desk
    from mtlearn.learner.workspace import find

    return Desk(find(workspace, Path.cwd()), progress_file(notice), home(), notice)


def lesson_of(course: Course, number: str) -> Lesson:
    """The lesson of that number. Raises MtlearnError when there is none."""
    if not number.isdecimal():
        raise unknown_name("lesson", number, map(str, course.lesson_numbers()), "mtlearn")
    return course.lesson(int(number))


def exercise_of(course: Course, name: str | None, language: str) -> Exercise:
    """The exercise of that name, or the one to go on with. Raises MtlearnError when there is none."""
    from mtlearn.learner.standing import at_hand

    return course.exercise(name) if name else at_hand(course, progress_file().read(), language)


def language_of(runtime: str | None) -> str:
    """What --runtime says where only the two languages are meant. Raises MtlearnError for anything else."""
    if runtime not in (None, "python", "node"):
        raise unknown_name("runtime", str(runtime), ["python", "node"], "mtlearn doctor")
    return runtime or "python"


def interactive(plain: bool) -> bool:
    """Whether a screen of its own can be shown: in a terminal that can, with somebody at the keys."""
    from mtlearn.render.screen import make_screen

    return not plain and sys.stdin.isatty() and make_screen().full


def languages(runtimes: Iterable[str]) -> list[str]:
    """The languages of the runtimes, Python first."""
    return [{"python": "Python", "node": "JavaScript"}[name] for name in sorted(runtimes, reverse=True)]


def short(path: Path) -> str:
    """A path as the user would write it from here."""
    try:
        return os.path.relpath(path) if not os.path.relpath(path).startswith("..") else str(path)
    except ValueError:  # another drive
        return str(path)
