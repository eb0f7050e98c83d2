"""Commands to learn by: lesson, demo."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.shared import JsonOption, packages, progress_file, short
from mtlearn.errors import ExitCode, MtlearnError, reason, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.lesson import Demo
    from mtlearn.experiment import Run
    from mtlearn.learner.progress import LessonProgress, Progress

commands = typer.Typer()


@commands.command()
def lesson(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The task, such as 5.")],
    no_input: Annotated[bool, typer.Option("--no-input", help="Show everything, run every demo, ask nothing.")] = False,
    runtime: Annotated[
        list[str] | None,
        typer.Option("--runtime", metavar="python|node|PATH", help="Only these runtimes; repeatable."),
    ] = None,
) -> None:
    """Read a lesson: words, predictions, experiments run live, a quiz."""
    from mtlearn.course.content import load
    from mtlearn.experiment import experiments, find_runtimes
    from mtlearn.player import Player
    from mtlearn.render import lesson as draw
    from mtlearn.render.screen import make_screen

    course = load()
    if not number.isdecimal():
        raise unknown_name("lesson", number, map(str, course.lesson_numbers()), "mtlearn")
    chosen, screen, file = course.lesson(int(number)), make_screen(), progress_file()
    runtimes = find_runtimes(runtime or ["python", "node"])
    keys = None
    if not no_input and sys.stdin.isatty() and sys.stdout.isatty():
        from mtlearn.keys import TerminalKeys

        keys = TerminalKeys(screen)

    def remember(progress: LessonProgress) -> None:
        def change(known: Progress) -> None:
            known.lessons[chosen.number] = progress

        file.change(change)

    def runs(demo: Demo) -> tuple[Run, ...]:
        with screen.working("") as working:
            params = demo.params(None, None)
            return experiments(chosen, demo, runtimes, params, working.now, packages(), working.read)[1]

    progress = file.read().lesson(chosen.number)
    finished = Player(chosen, screen, runs, keys, progress, remember).play()
    if not finished:
        screen.console.print(draw.left(f"mtlearn lesson {chosen.number}"))
        return
    exercise = course.exercise(str(chosen.number))
    screen.console.print(draw.ending(exercise.title, f"mtlearn check {exercise.name}"))


@commands.command()
def demo(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The demo; without a name, they are listed.")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the demos.")] = False,
    runtime: Annotated[
        list[str] | None,
        typer.Option(
            "--runtime",
            metavar="python|node|PATH",
            help="Run it there; repeatable (default: python and node).",
        ),
    ] = None,
    threads: Annotated[int | None, typer.Option(help="How many threads.")] = None,
    seconds: Annotated[float | None, typer.Option(help="How long each variant runs.")] = None,
    source: Annotated[bool, typer.Option("--source", help="Show the script instead of running it.")] = False,
    as_json: JsonOption = False,
    trace: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what happened when as Chrome trace events (open in Perfetto)."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Save the pictures it makes there, as PNG (demo image).")
    ] = None,
) -> None:
    """Run an experiment in both runtimes and judge its claims on this machine."""
    from mtlearn.course.content import load
    from mtlearn.render import demo as draw
    from mtlearn.render.screen import make_screen, quiet

    course, screen = load(), make_screen()
    if name is None or show_list:
        if as_json:
            listed = [{"demo": d.name, "lesson": x.number, "shows": d.shows} for x in course.lessons() for d in x.demos]
            print(json.dumps({"version": 1, "demos": listed}))
        else:
            screen.console.print(draw.demo_list(course.lessons()))
        return
    chosen_lesson, chosen = course.demo(name)
    if source:
        from mtlearn.course.exercise import read

        for kind in _kinds(runtime or chosen.runtimes):
            code = read(chosen_lesson.script(chosen, kind))
            shown = draw.source(code, {"python": "python", "node": "javascript"}[kind], screen.coloured)
            screen.console.print(shown, soft_wrap=not screen.coloured)  # in a file, it runs
        return
    from mtlearn.experiment import experiments, find_runtimes
    from mtlearn.lab.recording import chrome_trace

    params = chosen.params(threads, seconds, save)
    runtimes = find_runtimes(runtime or ["python", "node"])
    if trace:
        _may_write(trace)
    if save:
        _may_write_into(save)
    with quiet() if as_json else screen.working("") as working:
        free, runs = experiments(chosen_lesson, chosen, runtimes, params, working.now, packages(), working.read)
    if trace:
        _write(trace, json.dumps(chrome_trace([run.recording for run in runs])))
    if as_json:
        print(
            json.dumps(
                {
                    "version": 1,
                    "demo": chosen.name,
                    "cores_free": free,
                    "runs": [run.to_json() for run in runs],
                }
            )
        )
        return
    screen.console.print(draw.results(chosen, runs, screen))
    screen.console.print(draw.claims(runs))
    screen.console.print(draw.cores(free))
    if trace:
        screen.console.print(f"The trace is in {trace}: open it at https://ui.perfetto.dev or in chrome://tracing.")
    for file in (file for run in runs for row in run.recording.rows for file in row.get("files", ())):
        screen.console.print(f"Saved: {short(Path(file))}")


def _kinds(runtimes: Sequence[str]) -> list[str]:
    """The languages whose source is asked for."""
    return [name if name in ("python", "node") else _kind_at(name) for name in runtimes]


def _kind_at(path: str) -> str:
    from mtlearn.lab.runtime import find

    return find(path).kind


def _may_write(path: Path) -> None:
    """Say before a long run, not after it, that its result cannot be kept."""
    _writing(path, lambda: path.open("a").close())


def _write(path: Path, text: str) -> None:
    _writing(path, lambda: path.write_text(text, encoding="utf-8"))


def _may_write_into(folder: Path) -> None:
    """The same of a folder, which is made where it is not there."""
    import tempfile

    fix = "Give a folder that you may write to, or one that can be made."
    _writing(folder, lambda: folder.mkdir(parents=True, exist_ok=True), fix)
    _writing(folder, lambda: tempfile.TemporaryFile(dir=folder).close(), fix)


def _writing(
    path: Path,
    action: Callable[[], object],
    fix: str = "Give a file in a folder that exists and that you may write to.",
) -> None:
    try:
        action()
    except OSError as error:
        raise MtlearnError(f"{path} cannot be written.", f"{reason(error)}.", fix, ExitCode.ENVIRONMENT) from error
