"""What several commands share: options and arguments, where things are kept, and how they are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtlearn.errors import tell

if TYPE_CHECKING:
    from mtlearn.learner.progress import ProgressFile

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help="Your folder of exercises (default: found upwards from here)."),
]
LanguageOption = Annotated[
    str | None, typer.Option("--runtime", metavar="python|node", help="The language (default: python).")
]
PlainOption = Annotated[bool, typer.Option("--plain", help="Text alone, as into a pipe, instead of a screen.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object (version 1) instead of text.")]
ExerciseArgument = Annotated[str, typer.Argument(metavar="EXERCISE", help="Its name, such as exercise-5.")]


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


def progress_file() -> ProgressFile:
    """What the learner has done so far."""
    from mtlearn.learner.progress import ProgressFile

    return ProgressFile(home(), tell)


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
