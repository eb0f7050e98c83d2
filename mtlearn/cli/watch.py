"""The command that grades on every save."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mtlearn.cli.names import exercise_named, file_typed
from mtlearn.cli.onwards import Onwards
from mtlearn.cli.shared import (
    ExerciseArgument,
    LanguageOption,
    PlainOption,
    WorkspaceOption,
    interactive,
    language_of,
    session,
    short,
)
from mtlearn.errors import MtlearnError, tell

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise

commands = typer.Typer()


@commands.command()
def watch(
    exercise: ExerciseArgument = None,
    runtime: LanguageOption = None,
    workspace: WorkspaceOption = None,
    plain: PlainOption = False,
) -> Onwards | None:
    """Grade your solution again on every save, until you quit. Hints and the next lesson are a key away."""
    from mtlearn.course.content import load
    from mtlearn.grading.watch import Task
    from mtlearn.lab.runtime import find

    course = load()
    typed = file_typed(exercise, None, workspace)
    language = language_of(runtime or typed.runtime)
    chosen, executable = exercise_named(course, exercise, "watch", language), find(language)
    if typed.file:
        raise MtlearnError(
            f"{typed.file} cannot be watched.",
            "It is not the file of an exercise in a workspace.",
            f"mtlearn check {chosen.name} --file {typed.file}",
        )
    workspace = typed.workspace
    on_screen = interactive(plain)
    place = session(workspace, lambda text: watching.notice(text) if on_screen else tell(text))

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
            left = show(watching)
        if left == "next":
            return Onwards(("lesson", str(watching.at.exercise.task + 1)))
        if left == "play":
            where = ["--runtime", language] + (["--workspace", str(workspace)] if workspace else [])
            name = watching.at.exercise.name
            return Onwards(("play", name, *where), back=("watch", name, *where))
    else:
        from mtlearn.render.screen import make_screen
        from mtlearn.screens.text_watch import TextWatch

        # a job in the background that reads its terminal is stopped by it
        keys = sys.stdout.isatty() or not sys.stdin.isatty()
        TextWatch(course, place, task_of, make_screen()).play(first, sys.stdin.fileno() if keys else None)
    return None
