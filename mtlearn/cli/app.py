"""The command `mtlearn` by itself: its options, and what it shows without a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn import __version__
from mtlearn.cli.shared import languages, progress_file, show

if TYPE_CHECKING:
    from mtlearn.learner.progress import Progress

app = typer.Typer(
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"mtlearn {__version__}")
        raise typer.Exit


@app.callback()
def standing(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Learn multithreading by seeing it happen, in Python and in Node.js.

    Without a command: where you stand, and the next command.
    """
    if context.invoked_subcommand is not None:
        return
    from mtlearn.course.content import load
    from mtlearn.render import overview

    course, progress = load(), progress_file().read()
    rows: list[tuple[bool | None, str, str]] = []
    for lesson in course.lessons():
        known = progress.lessons.get(lesson.number)
        state = "finished" if known and known.finished else "begun" if known and known.step else "not begun"
        rows.append((True if state == "finished" else None, f"lesson {lesson.number}", f"{lesson.title} ({state})"))
    for exercise in course.exercises():
        passed = [name for name, status in progress.exercise(exercise.name).status.items() if status == "pass"]
        state = f"passed in {' and '.join(languages(passed))}" if passed else "not passed yet"
        rows.append((True if passed else None, exercise.name, f"{exercise.title} ({state})"))
    show(overview.standing(rows, _next_command(course.lesson_numbers(), progress)))


def _next_command(lessons: tuple[int, ...], progress: Progress) -> str:
    for number in lessons:
        if not progress.lesson(number).finished:
            return f"mtlearn lesson {number}"
        name = f"exercise-{number}"
        if "pass" not in progress.exercise(name).status.values():
            return f"mtlearn check {name}"
    return "mtlearn demo --list"
