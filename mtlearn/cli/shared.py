"""What several commands share: options and arguments, where things are kept, and how they are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtlearn.cli import completion
from mtlearn.errors import ExitCode, MtlearnError, reason, tell, unknown_name

if TYPE_CHECKING:
    from mtlearn.learner.progress import ProgressFile
    from mtlearn.learner.session import ExerciseSession
    from mtlearn.render.screen import Screen
    from mtlearn.screens.keys import TerminalKeys


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
    str | None,
    typer.Argument(
        metavar="NUMBER",
        help="The task, such as 5 (default: the one you saw last, else the first that is not finished).",
        autocompletion=completion.lessons,
    ),
]
DemoArgument = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help="The demo; without a name, they are listed.", autocompletion=completion.demos),
]
ExerciseArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="EXERCISE",
        help="Its name, such as 5, or your file (default: the one you worked on last, else the first not passed yet).",
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


def session(workspace: Path | None, notice: Callable[[str], None] = tell) -> ExerciseSession:
    """Where the learner works on the exercises."""
    from mtlearn.learner.session import ExerciseSession
    from mtlearn.learner.workspace import find

    return ExerciseSession(find(workspace, Path.cwd()), progress_file(notice), home(), notice)


def language_of(runtime: str | None) -> str:
    """What --runtime says where only the two languages are meant. Raises MtlearnError for anything else."""
    if runtime not in (None, "python", "node"):
        raise unknown_name("runtime", str(runtime), ["python", "node"], "--runtime")
    return runtime or "python"


def interactive(plain: bool) -> bool:
    """Whether a full screen can be shown: the terminal can draw one, and somebody is at the keys."""
    from mtlearn.render.screen import make_screen

    return not plain and sys.stdin.isatty() and make_screen().full


def keys_at(screen: Screen, no_input: bool) -> TerminalKeys | None:
    """The keyboard; None where nobody is at it."""
    if no_input or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from mtlearn.screens.keys import TerminalKeys

    return TerminalKeys(screen)


def languages(runtimes: Iterable[str]) -> list[str]:
    """The languages of the runtimes, Python first."""
    return [{"python": "Python", "node": "JavaScript"}[name] for name in sorted(runtimes, reverse=True)]


def short(path: Path) -> str:
    """A path as the user would write it from here."""
    try:
        return os.path.relpath(path) if not os.path.relpath(path).startswith("..") else str(path)
    except ValueError:  # another drive
        return str(path)


def write_file(file: Path, text: str, fix: str) -> None:
    """Write a file that was asked for, with the folders above it. Raises MtlearnError where that cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        message = f"{file} cannot be written."
        raise MtlearnError(message, f"{reason(error)}.", fix, ExitCode.ENVIRONMENT) from error
