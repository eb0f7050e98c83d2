"""Every command: parse, call, render, exit code. Nothing else."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtlearn import __version__
from mtlearn.encoding import accept_everything
from mtlearn.errors import ExitCode, MtlearnError, reason, tell, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.lesson import Demo, Lesson
    from mtlearn.experiment import Run
    from mtlearn.grading.verdict import Replay, Verdict
    from mtlearn.lab.runtime import Runtime, RuntimeMissing
    from mtlearn.learner.progress import LessonProgress, Progress, ProgressFile
    from mtlearn.render.screen import Screen

app = typer.Typer(
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help="Your folder of exercises (default: found upwards from here)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object (version 1) instead of text.")]
ExerciseArgument = Annotated[str, typer.Argument(metavar="EXERCISE", help="Its name, such as exercise-5.")]


def main() -> None:
    """The command `mtlearn`: run one command and exit with its code."""
    accept_everything(sys.stdout)
    accept_everything(sys.stderr)
    try:
        code = app(standalone_mode=False) or ExitCode.OK
        if code == ExitCode.INTERRUPTED:  # Typer turns Ctrl-C into this code, without a word
            raise KeyboardInterrupt
        sys.stdout.flush()
    except MtlearnError as error:
        tell(error)
        code = error.exit_code
    except typer.TyperException as error:  # a wrong option or argument: it knows how to say so
        error.show()  # type: ignore[attr-defined]  # of the vendored Click's subclass
        code = ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        tell("\nInterrupted.")
        code = ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the reader of our output is gone, as in `mtlearn demo race | head -1`:
        # Typer and Rich tell that by a SystemExit, and by nothing else here
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    sys.exit(code)


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

    course, progress = load(), _progress().read()
    rows: list[tuple[bool | None, str, str]] = []
    for lesson in course.lessons():
        known = progress.lessons.get(lesson.number)
        state = "finished" if known and known.finished else "begun" if known and known.step else "not begun"
        rows.append((True if state == "finished" else None, f"lesson {lesson.number}", f"{lesson.title} ({state})"))
    for exercise in course.exercises():
        passed = [name for name, status in progress.exercise(exercise.name).status.items() if status == "pass"]
        state = f"passed in {' and '.join(_languages(passed))}" if passed else "not passed yet"
        rows.append((True if passed else None, exercise.name, f"{exercise.title} ({state})"))
    _print(overview.standing(rows, _next_command(course.lesson_numbers(), progress)))


@app.command()
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
    from mtlearn.experiment import find_runtimes
    from mtlearn.player import Player
    from mtlearn.render import lesson as draw
    from mtlearn.render.screen import make_screen

    course = load()
    if not number.isdecimal():
        raise unknown_name("lesson", number, map(str, course.lesson_numbers()), "mtlearn")
    chosen, screen, file = course.lesson(int(number)), make_screen(), _progress()
    runtimes = find_runtimes(runtime or ["python", "node"])
    keys = None
    if not no_input and sys.stdin.isatty() and sys.stdout.isatty():
        from mtlearn.keys import TerminalKeys

        keys = TerminalKeys(screen)

    def remember(progress: LessonProgress) -> None:
        def change(known: Progress) -> None:
            known.lessons[chosen.number] = progress

        file.change(change)

    def experiments(demo: Demo) -> tuple[Run, ...]:
        _, runs = _experiments(chosen, demo, runtimes, demo.params(None, None), screen)
        return runs

    progress = file.read().lesson(chosen.number)
    finished = Player(chosen, screen, experiments, keys, progress, remember).play()
    if not finished:
        screen.console.print(draw.left(f"mtlearn lesson {chosen.number}"))
        return
    exercise = course.exercise(str(chosen.number))
    screen.console.print(draw.ending(exercise.title, f"mtlearn check {exercise.name}"))


@app.command()
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
) -> None:
    """Run an experiment in both runtimes and judge its claims on this machine."""
    from mtlearn.course.content import load
    from mtlearn.render import demo as draw
    from mtlearn.render.screen import make_screen

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
    from mtlearn.experiment import find_runtimes
    from mtlearn.lab.recording import chrome_trace

    params = chosen.params(threads, seconds)
    runtimes = find_runtimes(runtime or ["python", "node"])
    if trace:
        _may_write(trace)
    free, runs = _experiments(chosen_lesson, chosen, runtimes, params, None if as_json else screen)
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


@app.command()
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
    from mtlearn.render import verdict as draw
    from mtlearn.render.screen import make_screen

    chosen = load().exercise(exercise)
    again = _replay(replay, chosen.name, runtime) if replay else None
    language = _language(runtime or (again.runtime if again else None), file)
    executable = _executable(language)
    screen = make_screen()
    own = file is None
    if file is None:
        from mtlearn.learner.workspace import find

        place = find(workspace, Path.cwd())
        new, created = not place.exists, place.begin(chosen)
        file = place.file(chosen, language)
        if created and not as_json:
            told = (
                f"A workspace for your exercises was made: {_short(place.root)}"
                if new
                else "The exercise was put in your workspace."
            )
            screen.console.print(told, *(f"  {_short(path)}" for path in created), "", sep="\n")
    if not as_json:
        screen.console.print(draw.heading(chosen.title, executable.label, _short(file)))
    view = draw.Live(screen.console)
    show = (lambda result: None) if as_json else view.show
    verdict = grade(chosen, file, language, executable.executable, show, again)
    kept = None if again else _keep_interleaving(verdict)
    if own and not again:
        _progress().change(lambda known: known.exercise(chosen.name).status.update({language: verdict.status}))
    if as_json:
        print(json.dumps(verdict.to_json()))
    else:
        view.end()
        other = _other_language(chosen.name, language)
        rerun = f"mtlearn check {chosen.name} --replay {kept}" if kept else None
        screen.console.print(draw.conclusion(verdict, _short(file), f"mtlearn hint {chosen.name}", other, rerun))
    return ExitCode.OK if verdict.status == "pass" else ExitCode.FAILED


@app.command()
def hint(exercise: ExerciseArgument) -> None:
    """Show the next hint for an exercise: a nudge, the idea, nearly the code."""
    from mtlearn.course.content import load
    from mtlearn.render import lesson as draw

    chosen, file = load().exercise(exercise), _progress()
    hints = chosen.hints()
    level = min(file.read().exercise(chosen.name).hints + 1, len(hints))

    def count(known: Progress) -> None:
        known.exercise(chosen.name).hints = level

    file.change(count)
    last = "That was the last hint." if level == len(hints) else f"For the next one: mtlearn hint {chosen.name}"
    _print(draw.hint(level, len(hints), hints[level - 1], last))


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make, or to complete.")],
) -> None:
    """Make a workspace with every starter there is. Nothing that is there already is changed."""
    from mtlearn.course.content import load
    from mtlearn.learner.workspace import Workspace

    workspace, exercises = Workspace(directory), load().exercises()
    created = [path for exercise in exercises for path in workspace.begin(exercise)]
    for path in created:
        print(_short(path))
    there = len(exercises) * 3 - len(created)
    print(f"Your workspace is {_short(directory)}: {len(created)} files are new, {there} were there.")
    print(f"Go on: cd {_short(directory)}, then mtlearn check {exercises[0].name}")


@app.command()
def doctor(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> ExitCode:
    """Show what this machine has for mtlearn: runtimes, free cores, packages; and how to get what is missing."""
    from mtlearn.doctor import examine
    from mtlearn.render import overview
    from mtlearn.render.screen import make_screen

    screen = make_screen()
    with screen.working("Measuring free cores"):
        facts = examine(workspace, _home(), _packages())
    if as_json:
        print(json.dumps({"version": 1, "facts": [vars(fact) for fact in facts]}))
    else:
        screen.console.print(overview.facts([(fact.good, fact.what, fact.how) for fact in facts]))
    return ExitCode.ENVIRONMENT if any(fact.good is False and fact.needed for fact in facts) else ExitCode.OK


@app.command()
def setup(what: Annotated[str, typer.Argument(metavar="node", help="What to set up: node, its npm packages.")]) -> None:
    """Install the npm packages that some demos use, into mtlearn's own folder."""
    from mtlearn.lab import npm
    from mtlearn.render.screen import make_screen

    if what != "node":
        raise unknown_name("setup", what, ["node"], "mtlearn setup --help")
    folder, screen = _packages(), make_screen()
    if npm.missing(folder):
        command = npm.find_npm()
        screen.console.print(f"Installing {len(npm.PACKAGES)} npm packages into {_short(folder)}")
        with screen.working("npm is at work") as working:
            npm.install(folder, command, working.now)
    told = ", ".join(f"{name} {version}" for name, version in npm.installed(folder).items())
    screen.console.print(f"Installed: {told}", "Go on: mtlearn demo hash", sep="\n")


# -- what several commands need -------------------------------------------------


def _print(*things: Any) -> None:
    from mtlearn.render.screen import make_screen

    make_screen().console.print(*things)


def _home() -> Path:
    from mtlearn.learner.progress import home

    return home()


def _packages() -> Path:
    """Where the npm packages of the demos are."""
    return _home().absolute() / "npm"


def _progress() -> ProgressFile:
    from mtlearn.learner.progress import ProgressFile

    return ProgressFile(_home(), tell)


def _next_command(lessons: tuple[int, ...], progress: Progress) -> str:
    for number in lessons:
        if not progress.lesson(number).finished:
            return f"mtlearn lesson {number}"
        name = f"exercise-{number}"
        if "pass" not in progress.exercise(name).status.values():
            return f"mtlearn check {name}"
    return "mtlearn demo --list"


def _languages(runtimes: list[str]) -> list[str]:
    return [{"python": "Python", "node": "JavaScript"}[name] for name in sorted(runtimes, reverse=True)]


def _replay(file: Path, exercise: str, runtime: str | None) -> Replay:
    """The interleaving in a file that `mtlearn check` kept or `--json` wrote."""
    from mtlearn.grading.verdict import Replay

    fix = f"Let `mtlearn check {exercise}` find one first: it says where it keeps it."
    try:
        again = Replay.from_json(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise MtlearnError(f"{file} cannot be read.", f"{reason(error)}.", fix) from error
    except (ValueError, RecursionError) as error:
        raise MtlearnError(f"{file} holds no interleaving.", f"{error}.", fix) from error
    if again.exercise != exercise or (runtime and again.runtime != runtime):
        raise MtlearnError(
            f"{file} does not fit.",
            f"Its interleaving is of {again.exercise} in {_languages([again.runtime])[0]}.",
            f"mtlearn check {again.exercise} --runtime {again.runtime} --replay {_short(file)}",
        )
    return again


def _keep_interleaving(verdict: Verdict) -> Path | None:
    """Keep the interleaving that a check found, so that it can be replayed; where, or None if there is none."""
    from mtlearn.learner.files import write_whole

    if not any(check.interleaving for check in verdict.checks):
        return None
    path = _home() / f"{verdict.exercise}.{verdict.runtime}.interleaving.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(verdict.to_json()).encode())
    except OSError as error:
        tell(f"The interleaving cannot be kept: {path}: {reason(error)}.")
        return None
    return path


def _other_language(exercise: str, language: str) -> str:
    if language == "python":
        return f"The same exercise in JavaScript: mtlearn check {exercise} --runtime node"
    return f"The same exercise in Python: mtlearn check {exercise}"


def _kinds(runtimes: Sequence[str]) -> list[str]:
    """The languages whose source is asked for."""
    return [name if name in ("python", "node") else _kind_at(name) for name in runtimes]


def _kind_at(path: str) -> str:
    from mtlearn.lab.runtime import find

    return find(path).kind


def _language(runtime: str | None, file: Path | None) -> str:
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
            f"Its name says that it is {_languages([of_file])[0]}.",
            "Leave --runtime out, or give another file.",
        )
    return runtime or of_file or "python"


def _executable(language: str) -> Runtime:
    from mtlearn.lab.runtime import find

    return find(language)


def _experiments(
    lesson: Lesson,
    demo: Demo,
    runtimes: list[Runtime | RuntimeMissing],
    params: dict[str, float],
    screen: Screen | None,
) -> tuple[float, tuple[Run, ...]]:
    """Run a demo in each runtime, showing on the screen what is under way; the cores free before, and the runs."""
    from mtlearn.experiment import experiment
    from mtlearn.lab.cores import cores_free
    from mtlearn.render.demo import UnderWay
    from mtlearn.render.screen import quiet

    with screen.working("Measuring free cores") if screen else quiet() as working:
        free = cores_free()
        runs = []
        for runtime in runtimes:
            told = UnderWay(working, f"{demo.name} in {getattr(runtime, 'label', '')}", screen)
            runs.append(experiment(lesson, demo, runtime, params, free, told.row, _packages(), told.event))
    return free, tuple(runs)


def _short(path: Path) -> str:
    """A path as the user would write it from here."""
    try:
        return os.path.relpath(path) if not os.path.relpath(path).startswith("..") else str(path)
    except ValueError:  # another drive
        return str(path)


def _may_write(path: Path) -> None:
    """Say before a long run, not after it, that its result cannot be kept."""
    _writing(path, lambda: path.open("a").close())


def _write(path: Path, text: str) -> None:
    _writing(path, lambda: path.write_text(text, encoding="utf-8"))


def _writing(path: Path, action: Any) -> None:
    try:
        action()
    except OSError as error:
        raise MtlearnError(
            f"{path} cannot be written.",
            f"{reason(error)}.",
            "Give a file in a folder that exists and that you may write to.",
            ExitCode.ENVIRONMENT,
        ) from error
