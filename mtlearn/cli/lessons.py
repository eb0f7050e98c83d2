"""Commands to learn by: lesson, quiz, demo."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.names import demo_named, lesson_named
from mtlearn.cli.onwards import Onwards
from mtlearn.cli.shared import (
    DemoArgument,
    JsonOption,
    LessonArgument,
    PlainOption,
    interactive,
    keys_at,
    packages,
    progress_file,
    session,
    short,
)
from mtlearn.errors import ExitCode, MtlearnError, reason

if TYPE_CHECKING:
    from mtlearn.course.content import Course
    from mtlearn.course.lesson import Demo, Lesson
    from mtlearn.experiment import Run
    from mtlearn.lab.recording import Gauge, Row
    from mtlearn.lab.run import Cancel
    from mtlearn.lab.runtime import Runtime, RuntimeMissing
    from mtlearn.learner.progress import LessonProgress, Progress, ProgressFile
    from mtlearn.render.screen import Screen
    from mtlearn.screens.lesson import Leaving

commands = typer.Typer()

NoInputOption = Annotated[bool, typer.Option("--no-input", help="Show everything, run every demo, ask nothing.")]


@commands.command()
def lesson(
    number: LessonArgument = None,
    no_input: NoInputOption = False,
    runtime: Annotated[
        list[str] | None,
        typer.Option("--runtime", metavar="python|node|deno|bun|PATH", help="Only these runtimes; repeatable."),
    ] = None,
    plain: PlainOption = False,
) -> Onwards | None:
    """Read a lesson: words, predictions, experiments run live, a quiz."""
    from mtlearn.course.content import load
    from mtlearn.experiment import find_runtimes
    from mtlearn.render import lesson as draw
    from mtlearn.render.screen import make_screen
    from mtlearn.screens.walk import Walk

    course, screen, file = load(), make_screen(), progress_file()
    chosen = lesson_named(course, number, "lesson")
    exercise = course.exercise(str(chosen.number))
    laboratory = _Laboratory(chosen, find_runtimes(runtime or ["python", "node"], packages()), file)
    progress = file.read().lesson(chosen.number)

    def remember(progress: LessonProgress) -> None:
        def change(known: Progress) -> None:
            progress.touch(time.time())
            known.lessons[chosen.number] = progress
            _meet(chosen, progress, known)

        file.change(change)

    left: Leaving | None
    scene = ""
    if not no_input and interactive(plain):
        from mtlearn.screens.app import show as show_screen
        from mtlearn.screens.lesson import Ending, LessonScreen

        file_of = session(None).workspace.file(exercise, "python")
        scene = _scene(course, chosen, file.read())
        following = chosen.number < max(course.lesson_numbers())
        ending = Ending(exercise.title, short(file_of), following, scene)
        left = show_screen(LessonScreen(Walk(chosen, progress, remember), laboratory.run, ending), mouse=True)
    else:
        from mtlearn.screens.player import Player

        keys = keys_at(screen, no_input)
        walk = Walk(chosen, progress, remember if keys else None)
        left = "done" if Player(walk, screen, laboratory.shown_on(screen, bool(keys)), keys).play() else "quit"
    asked = [word for each in runtime or () for word in ("--runtime", each)]
    if left == "exercise":
        return Onwards(("watch", exercise.name))
    if left == "play":
        return Onwards(("play", scene), back=("lesson", str(chosen.number), *asked))
    if left == "kata":
        return Onwards(("kata", "--task", str(chosen.number)))
    if left == "lesson":
        return Onwards(("lesson", str(chosen.number + 1), *asked))
    if left == "done":
        kata = f"mtlearn kata --task {chosen.number}"
        screen.console.print(draw.ending(exercise.title, f"mtlearn check {exercise.name}", kata))
    else:
        screen.console.print(draw.left(f"mtlearn lesson {chosen.number}"))
    return None


@commands.command()
def quiz(number: LessonArgument = None, no_input: NoInputOption = False, plain: PlainOption = False) -> None:
    """Answer the quiz of a lesson by itself."""
    from mtlearn.course.content import load
    from mtlearn.course.quiz import Quiz
    from mtlearn.learner.progress import LessonProgress
    from mtlearn.render import lesson as draw
    from mtlearn.render.screen import make_screen
    from mtlearn.screens.walk import Walk

    screen, file = make_screen(), progress_file()
    chosen = lesson_named(load(), number, "quiz")
    quizzes = replace(chosen, steps=tuple(step for step in chosen.steps if isinstance(step, Quiz)))
    laboratory = _Laboratory(quizzes, (), file)
    kept = file.read().lesson(chosen.number)
    begun = LessonProgress(answers=dict(kept.answers), question=kept.question)

    def remember(answered: LessonProgress) -> None:
        def change(known: Progress) -> None:
            kept = known.lesson(chosen.number)  # where the lesson stands is no business of the quiz
            kept.answers.update(answered.answers)
            kept.question = answered.question
            kept.touch(time.time())
            _meet(chosen, answered, known)

        file.change(change)

    if not no_input and interactive(plain):
        from mtlearn.screens.app import show as show_screen
        from mtlearn.screens.lesson import LessonScreen

        walk = Walk(quizzes, begun, remember)
        left = show_screen(LessonScreen(walk, laboratory.run, None), mouse=True)
        if left == "done":
            questions = [question for step in quizzes.steps if isinstance(step, Quiz) for question in step.questions]
            right, skipped = walk.score(questions)
            screen.console.print(draw.score(right, len(questions), skipped))
        else:
            screen.console.print(draw.left(f"mtlearn quiz {chosen.number}"))
        return
    from mtlearn.screens.player import Player

    keys = keys_at(screen, no_input)
    Player(Walk(quizzes, begun, remember if keys else None), screen, lambda demo: (), keys).play()


def _meet(lesson: Lesson, answered: LessonProgress, known: Progress) -> None:
    """What was answered in the lesson's quiz is asked again by `mtlearn review`."""
    from mtlearn.learner.deck import questions
    from mtlearn.learner.reviews import meet

    met = [question.text for question in questions(lesson) if question.text in answered.answers]
    meet(known, "question", met, time.time())


def _scene(course: Course, lesson: Lesson, known: Progress) -> str:
    """The scene of a lesson to play next: the first that is not won, else the first; empty where there is none."""
    scenes = [each.name for each in course.scenes() if each.task == lesson.number]
    return next((name for name in scenes if name not in known.won), scenes[0] if scenes else "")


@dataclass(frozen=True)
class _Laboratory:
    """Runs the experiments of a lesson, and remembers which were run."""

    lesson: Lesson
    runtimes: Sequence[Runtime | RuntimeMissing]
    file: ProgressFile

    def run(
        self,
        demo: Demo,
        now: Callable[[str], None],
        read: Callable[[Sequence[Gauge]], None],
        measured: Callable[[str, Row], None],
        cancel: Cancel,
    ) -> tuple[Run, ...]:
        from mtlearn.experiment import experiments

        params = demo.params(None, None)
        found = experiments(self.lesson, demo, self.runtimes, params, now, packages(), read, measured, cancel)
        self.file.change(lambda known: known.ran(demo.name))
        return found[1]

    def shown_on(self, screen: Screen, noted: bool) -> Callable[[Demo], tuple[Run, ...]]:
        def runs(demo: Demo) -> tuple[Run, ...]:
            from mtlearn.experiment import experiments

            params = demo.params(None, None)
            with screen.working("") as working:
                found = experiments(self.lesson, demo, self.runtimes, params, working.now, packages(), working.read)
            if noted:
                self.file.change(lambda known: known.ran(demo.name))
            return found[1]

        return runs


@commands.command()
def demo(
    name: DemoArgument = None,
    lines: Annotated[
        str | None, typer.Argument(metavar="LINES", help="With --source: only the marked lines with this in them.")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the demos.")] = False,
    runtime: Annotated[
        list[str] | None,
        typer.Option(
            "--runtime",
            metavar="python|node|deno|bun|PATH",
            help="Run it there; repeatable (default: python and node).",
        ),
    ] = None,
    threads: Annotated[int | None, typer.Option(help="How many threads.")] = None,
    seconds: Annotated[float | None, typer.Option(help="How long each variant runs.")] = None,
    source: Annotated[bool, typer.Option("--source", help="Show the script instead of running it.")] = False,
    as_json: JsonOption = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="Draw what happened when, thread by thread.")] = False,
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
    from mtlearn.render import lesson as draw_lesson
    from mtlearn.render.screen import make_screen, quiet

    course, screen = load(), make_screen()
    if name is None or show_list:
        if as_json:
            listed = [{"demo": d.name, "lesson": x.number, "shows": d.shows} for x in course.lessons() for d in x.demos]
            print(json.dumps({"version": 1, "demos": listed}))
        else:
            screen.console.print(draw.demo_list(course.lessons()))
        return
    chosen_lesson, chosen = demo_named(course, name)
    if source:
        _show_source(chosen_lesson, chosen, runtime, lines, screen)
        return
    from mtlearn.experiment import experiments, find_runtimes
    from mtlearn.lab.recording import chrome_trace
    from mtlearn.lab.runtime import Runtime

    params = chosen.params(threads, seconds, save)
    runtimes = find_runtimes(runtime or ["python", "node"], packages())
    if trace:
        _may_write(trace)
    if save:
        _may_write_into(save)
    if not as_json:
        screen.console.print(draw_lesson.experiment(chosen.shows if runtime or seconds else chosen.about))
    with quiet() if as_json else screen.working("") as working:
        free, runs = experiments(chosen_lesson, chosen, runtimes, params, working.now, packages(), working.read)
    if trace:
        _write(trace, json.dumps(chrome_trace([run.recording for run in runs])))
    if as_json:
        from mtlearn.experiment import DemoDocument
        from mtlearn.system.documents import written

        documents = tuple(each.document for each in runs)
        print(written(DemoDocument(demo=chosen.name, cores_free=free, runs=documents)))
        return
    progress_file().change(lambda known: known.ran(chosen.name))
    width = screen.console.width
    screen.console.print(draw.results(chosen, runs, width))
    screen.console.print(draw.claims(runs))
    screen.console.print(draw.details(chosen, runs, width, timeline))
    for each in runtimes:
        if isinstance(each, Runtime) and each.warning:
            screen.console.print(f"{each.warning}.", style="open")
    if trace:
        screen.console.print(f"The trace is in {trace}: open it at https://ui.perfetto.dev or in chrome://tracing.")
    for file in (file for run in runs for row in run.recording.rows for file in row.get("files", ())):
        screen.console.print(f"Saved: {short(Path(file))}")
    screen.console.print(draw.ending(free, chosen_lesson))


def _show_source(lesson: Lesson, demo: Demo, runtimes: Sequence[str] | None, lines: str | None, screen: Screen) -> None:
    """Show the scripts of a demo, or the marked lines with that text. Raises MtlearnError when none has it."""
    from mtlearn.render import demo as draw

    kinds = _kinds(runtimes or demo.runtimes)
    parts = [(kind, lesson.source(demo, kind)) for kind in kinds]
    if lines is not None:
        every = [(kind, excerpt) for kind in kinds for excerpt in lesson.excerpts(demo, kind)]
        parts = [(kind, "\n".join(excerpt.lines)) for kind, excerpt in every if excerpt.has(lines)]
        if not parts:
            named = ", ".join(f"“{excerpt.name}”" for _, excerpt in every) or "none"
            raise MtlearnError(
                f"No marked lines of the demo {demo.name} have `{lines}`.",
                f"Marked are: {named}.",
                f"mtlearn demo {demo.name} --source shows all of it",
            )
    for kind, code in parts:
        shown = draw.source(code, {"python": "python", "node": "javascript"}[kind], screen.coloured)
        screen.console.print(shown, soft_wrap=not screen.coloured)  # in a file, it runs


def _kinds(runtimes: Sequence[str]) -> list[str]:
    """The languages whose source is asked for."""
    return [name if name in ("python", "node") else _kind_at(name) for name in runtimes]


def _kind_at(path: str) -> str:
    from mtlearn.lab.runtime import find

    return find(path, packages()).kind


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
