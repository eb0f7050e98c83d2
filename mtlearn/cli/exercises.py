"""Commands for the exercises: check, hint, solution, reset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mtlearn.cli.names import another_runtime, exercise_named, file_typed, language_of_file
from mtlearn.cli.shared import (
    ExerciseArgument,
    JsonOption,
    LanguageOption,
    WorkspaceOption,
    language_of,
    session,
    short,
    show,
)
from mtlearn.errors import ExitCode, MtlearnError

commands = typer.Typer()


@commands.command()
def check(
    exercise: ExerciseArgument = None,
    runtime: Annotated[
        str | None,
        typer.Option(
            "--runtime", metavar="python|node|PATH", help="The language, or which Python or Node.js (default: python)."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Grade this file instead of the one in your workspace."),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Run only the order of steps that an earlier check found.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> ExitCode:
    """Grade your solution of an exercise. Exit code 0: passed; 1: not right, or not checked."""
    from mtlearn.course.content import load
    from mtlearn.grading.judge import grade
    from mtlearn.grading.verdict import Unchecked
    from mtlearn.lab.runtime import find
    from mtlearn.learner import replays
    from mtlearn.render import verdict as draw
    from mtlearn.render.screen import make_screen
    from mtlearn.system.documents import written

    typed = file_typed(exercise, file, workspace)
    file, workspace = typed.file, typed.workspace
    another = another_runtime(runtime)
    runtime = another.kind if another else runtime
    chosen = exercise_named(load(), exercise, "check", runtime or typed.runtime or "python")
    again = replays.read(replay, chosen.name, runtime) if replay else None
    language = language_of_file(runtime or (again.runtime if again else typed.runtime), file)
    executable = another or find(language)
    screen, place = make_screen(), session(workspace)
    own = file is None
    if file is None:
        new, created = not place.workspace.exists, place.workspace.begin(chosen)
        file = place.workspace.file(chosen, language)
        if created and not as_json:
            screen.console.print(*begun(place.workspace.root if new else None, created), "", sep="\n")
    if not as_json:
        screen.console.print(draw.heading(chosen.title, executable.label, short(file)))
    view = draw.Live(screen.console)
    on_check = (lambda result: None) if as_json else view.show
    unknown = Unchecked(*executable.unknown) if executable.unknown else None
    verdict = grade(chosen, file, language, executable.executable, on_check, again, unknown=unknown)
    kept = None
    if not again and not unknown:
        kept = place.note(verdict, chosen) if own else replays.keep(verdict, place.home, place.notice)
    if as_json:
        print(written(verdict.document))
    else:
        view.end()
        other = _other_language(chosen.name, language)
        rerun = f"mtlearn check {chosen.name} --replay {kept}" if kept else None
        played = f"mtlearn play {chosen.name}" + ("" if language == "python" else f" --runtime {language}")
        played += "" if own else f" --file {short(file)}"
        hint_ = f"mtlearn hint {chosen.name}"
        screen.console.print(draw.conclusion(verdict, short(file), hint_, other, rerun, "" if another else played))
    return ExitCode.OK if verdict.status == "pass" else ExitCode.FAILED


@commands.command()
def hint(exercise: ExerciseArgument = None) -> None:
    """Show the next hint for an exercise: a nudge, the idea, nearly the code."""
    from mtlearn.course.content import load
    from mtlearn.render import lesson as draw

    chosen = exercise_named(load(), exercise, "hint")
    shown = session(None).next_hint(chosen)
    last = "That was the last hint." if shown.last else f"For the next one: mtlearn hint {chosen.name}"
    show(draw.hint(shown.level, shown.count, shown.text, last))


@commands.command()
def solution(
    exercise: ExerciseArgument = None,
    runtime: LanguageOption = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Show it before you have passed.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show the reference solution beside your own, once you have passed."""
    from mtlearn.course.content import load
    from mtlearn.render.screen import make_screen
    from mtlearn.render.solution import BESIDE, solution

    chosen, screen = exercise_named(load(), exercise, "solution"), make_screen()
    shown = session(workspace).solution(chosen, runtime and language_of(runtime), anyway)
    width = screen.console.width
    as_it_is = not screen.coloured and width < BESIDE  # in a file, it runs
    screen.console.print(solution(shown, width, screen.coloured), soft_wrap=as_it_is)


@commands.command()
def reset(
    exercise: ExerciseArgument = None,
    runtime: LanguageOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Begin an exercise again: the starter comes back, and what you wrote is kept beside it."""
    from mtlearn.course.content import load
    from mtlearn.course.exercise import SUFFIX

    typed = file_typed(exercise, None, workspace)
    chosen, place = exercise_named(load(), exercise, "reset"), session(typed.workspace)
    asked = (language_of(runtime),) if runtime else tuple(SUFFIX)
    if not place.workspace.exists:
        print(f"Nothing to reset: there is no workspace yet ({short(place.workspace.root)}).")
        return
    for path in place.workspace.begin(chosen):
        print(f"{short(path)} was missing, and is the starter again.")
    changed = [name for name in place.workspace.changed(chosen) if name in asked]
    if not changed:
        print(f"Nothing to reset: {chosen.name} is as it was at the start.")
        return
    told = " and ".join(short(place.workspace.file(chosen, name)) for name in changed)
    if not yes:
        if not sys.stdin.isatty():
            raise MtlearnError(
                f"{chosen.name} was not reset.",
                "It asks before it replaces your file, and there is no terminal to ask in.",
                f"mtlearn reset {chosen.name} --yes",
            )
        if not typer.confirm(f"Put the starter back in place of {told}? What you wrote is kept beside it."):
            print("Nothing was changed.")
            return
    for file, copy in place.reset(chosen, tuple(changed)).items():
        print(f"{short(file)} is the starter again. What you wrote: {short(copy)}")


def begun(workspace: Path | None, created: tuple[Path, ...]) -> list[str]:
    """What to say when an exercise was put into a workspace, which was made for it if it is given."""
    told = f"A workspace for your exercises was made: {short(workspace)}" if workspace else None
    return [told or "The exercise was put in your workspace.", *(f"  {short(path)}" for path in created)]


def _other_language(exercise: str, language: str) -> str:
    if language == "python":
        return f"The same exercise in JavaScript: mtlearn check {exercise} --runtime node"
    return f"The same exercise in Python: mtlearn check {exercise}"
