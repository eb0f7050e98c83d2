"""The command that grades on every save."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mtlearn.cli.shared import (
    ExerciseAtHand,
    LanguageOption,
    PlainOption,
    WorkspaceOption,
    desk,
    exercise_of,
    interactive,
    language_of,
    short,
)
from mtlearn.errors import tell

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise

commands = typer.Typer()


@commands.command()
def watch(
    exercise: ExerciseAtHand = None,
    runtime: LanguageOption = None,
    workspace: WorkspaceOption = None,
    plain: PlainOption = False,
) -> None:
    """Grade your solution again on every save, until you quit; hints and the next exercise are a key away."""
    from mtlearn.course.content import load
    from mtlearn.lab.runtime import find
    from mtlearn.learner.watch import Task

    course, language = load(), language_of(runtime)
    chosen, executable = exercise_of(course, exercise, language), find(language)
    on_screen = interactive(plain)
    place = desk(workspace, lambda text: watching.notice(text) if on_screen else tell(text))

    def task_of(exercise: Exercise) -> Task:
        place.workspace.begin(exercise)
        file = Path(short(place.workspace.file(exercise, language)))
        return Task(exercise, file, language, executable.executable, executable.label)

    first = task_of(chosen)
    if on_screen:
        from mtlearn.screens.app import show
        from mtlearn.screens.watch import Watching

        watching = Watching(course, place, task_of, first)
        with closing(watching.saves):
            show(watching)
    else:
        from mtlearn.render.screen import make_screen
        from mtlearn.watching import TextWatch

        # a job in the background that reads its terminal is stopped by it
        typed = sys.stdout.isatty() or not sys.stdin.isatty()
        TextWatch(course, place, task_of, make_screen()).play(first, sys.stdin.fileno() if typed else None)
