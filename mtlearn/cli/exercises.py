"""Commands for the exercises: check, hint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mtlearn.cli.shared import (
    ExerciseArgument,
    JsonOption,
    WorkspaceOption,
    home,
    languages,
    progress_file,
    short,
    show,
)
from mtlearn.errors import ExitCode, MtlearnError, tell, unknown_name

commands = typer.Typer()


@commands.command()
def check(
    exercise: ExerciseArgument,
    runtime: Annotated[
        str | None, typer.Option("--runtime", metavar="python|node", help="The language (default: python).")
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
    from mtlearn.lab.runtime import find as find_runtime
    from mtlearn.learner import replays
    from mtlearn.render import verdict as draw
    from mtlearn.render.screen import make_screen

    chosen = load().exercise(exercise)
    again = replays.read(replay, chosen.name, runtime) if replay else None
    language = language_of_file(runtime or (again.runtime if again else None), file)
    executable = find_runtime(language)
    screen = make_screen()
    own = file is None
    if file is None:
        from mtlearn.learner.workspace import find

        place = find(workspace, Path.cwd())
        new, created = not place.exists, place.begin(chosen)
        file = place.file(chosen, language)
        if created and not as_json:
            told = (
                f"A workspace for your exercises was made: {short(place.root)}"
                if new
                else "The exercise was put in your workspace."
            )
            screen.console.print(told, *(f"  {short(path)}" for path in created), "", sep="\n")
    if not as_json:
        screen.console.print(draw.heading(chosen.title, executable.label, short(file)))
    view = draw.Live(screen.console)
    on_check = (lambda result: None) if as_json else view.show
    verdict = grade(chosen, file, language, executable.executable, on_check, again)
    kept = None if again else replays.keep(verdict, home(), tell)
    if own and not again:
        progress_file().change(lambda known: known.exercise(chosen.name).status.update({language: verdict.status}))
    if as_json:
        print(json.dumps(verdict.to_json()))
    else:
        view.end()
        other = _otherlanguage_of_file(chosen.name, language)
        rerun = f"mtlearn check {chosen.name} --replay {kept}" if kept else None
        screen.console.print(draw.conclusion(verdict, short(file), f"mtlearn hint {chosen.name}", other, rerun))
    return ExitCode.OK if verdict.status == "pass" else ExitCode.FAILED


@commands.command()
def hint(exercise: ExerciseArgument) -> None:
    """Show the next hint for an exercise: a nudge, the idea, nearly the code."""
    from mtlearn.course.content import load
    from mtlearn.learner.progress import Progress
    from mtlearn.render import lesson as draw

    chosen, file = load().exercise(exercise), progress_file()
    hints = chosen.hints()
    level = min(file.read().exercise(chosen.name).hints + 1, len(hints))

    def count(known: Progress) -> None:
        known.exercise(chosen.name).hints = level

    file.change(count)
    last = "That was the last hint." if level == len(hints) else f"For the next one: mtlearn hint {chosen.name}"
    show(draw.hint(level, len(hints), hints[level - 1], last))


def _otherlanguage_of_file(exercise: str, language: str) -> str:
    if language == "python":
        return f"The same exercise in JavaScript: mtlearn check {exercise} --runtime node"
    return f"The same exercise in Python: mtlearn check {exercise}"


def language_of_file(runtime: str | None, file: Path | None) -> str:
    """The language to grade in, from the option or from the file's name."""
    by_suffix = {".py": "python", ".mjs": "node", ".js": "node"}
    of_file = by_suffix.get(file.suffix.lower()) if file else None
    if runtime is not None and runtime not in ("python", "node"):
        raise unknown_name("runtime", runtime, ["python", "node"], "mtlearn doctor")
    if file and of_file is None:
        raise MtlearnError(
            f"{file} is neither Python nor JavaScript.",
            "Its name does not end in .py, .mjs or .js.",
            "Rename it, or give another file.",
        )
    if runtime and of_file and runtime != of_file:
        raise MtlearnError(
            f"{file} cannot be graded with --runtime {runtime}.",
            f"Its name says that it is {languages([of_file])[0]}.",
            "Leave --runtime out, or give another file.",
        )
    return runtime or of_file or "python"
