"""The command that makes the learner the scheduler."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli import completion
from mtlearn.cli.names import exercise_named, file_typed, language_of_file
from mtlearn.cli.shared import (
    JsonOption,
    LanguageOption,
    PlainOption,
    WorkspaceOption,
    home,
    interactive,
    progress_file,
    short,
    show,
)
from mtlearn.errors import MtlearnError, unknown_name

if TYPE_CHECKING:
    from rich.text import Text

    from mtlearn.course.content import Course
    from mtlearn.course.scene import Scene
    from mtlearn.grading.play import Game
    from mtlearn.interleave.stepper import Position
    from mtlearn.lab.runtime import Runtime
    from mtlearn.learner.progress import Progress

commands = typer.Typer()


@commands.command()
def play(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A scene, or your own exercise such as exercise-5; without a name, they are listed.",
            autocompletion=completion.played,
        ),
    ] = None,
    runtime: LanguageOption = None,
    file: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Play this file instead of the one in your workspace.")
    ] = None,
    moves: Annotated[
        str | None, typer.Option(metavar="ABBA", help="Begin after these moves: a thread's letter for each step.")
    ] = None,
    shortest: Annotated[bool, typer.Option("--shortest", help="Then go the shortest way that goes wrong.")] = False,
    workspace: WorkspaceOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """Choose which thread takes the next step, in real code, and bring about the bug."""
    from mtlearn.course.content import load
    from mtlearn.lab.runtime import find
    from mtlearn.render import position as draw
    from mtlearn.render.interleaving import Marks
    from mtlearn.render.screen import make_screen, quiet

    course, screen = load(), make_screen()
    if name is None:
        if as_json:
            told = [{"name": each.name, "about": each.about, "runtimes": each.runtimes} for each in course.scenes()]
            print(json.dumps({"version": 1, "scenes": told}))
        else:
            won = progress_file().read().won
            show(draw.scenes(course.scenes(), won, [each.name for each in course.exercises() if each.explored]))
        return
    typed = file_typed(name, file, workspace)
    file, workspace = typed.file, typed.workspace
    executable = find(language_of_file(runtime or typed.runtime, file))
    with ExitStack() as until_end:
        with quiet() if as_json else screen.working(f"Getting {name} ready") as working:
            opened = _open(course, name, executable, file, workspace, working.now)
            game = until_end.enter_context(opened)
            first = () if interactive(plain) and not as_json else game.begin  # at the keys, one can go there oneself
            begun = game.stepper.at(first) if moves is None else game.stepper.read("".join(moves.upper().split()))
            if shortest:
                working.now("Looking for the shortest way that goes wrong")
                begun = game.stepper.at(game.stepper.way(begun.moves))
            tally = game.stepper.orders() if begun.ended else None
        if as_json:
            described = {"name": game.name, "runtime": executable.kind, "goal": game.goal}
            orders = asdict(tally) if tally else None
            print(json.dumps({"version": 1, **described, **begun.to_json(), "orders": orders}))
            return
        head = draw.head(game.name, executable.label, game.goal)
        again = _again(game, executable, file, workspace)
        if interactive(plain):
            _at_the_keys(game, begun, head, again)
            return
        console = screen.console
        marks = Marks(console.options.ascii_only)
        console.print(head, "", draw.whole(begun, console.width, marks, tally), draw.go_on(again, begun), sep="\n")


def _at_the_keys(game: Game, begun: Position, head: Text, again: str) -> bool:
    """Play it on a screen; whether a scene was won: the bug brought about, or found out to be impossible."""
    from mtlearn.learner.reviews import meet
    from mtlearn.render import position as draw
    from mtlearn.screens import app
    from mtlearn.screens.play import Playing

    playing = Playing(game.stepper, begun, head, game.hint, game.begin)
    if left := app.show(playing):
        show(draw.left(again, left))
    if game.begin or not (playing.won or playing.proven):
        return False
    taken = playing.won or 0

    def win(known: Progress) -> None:
        known.win(game.name, taken)
        meet(known, "scene", [game.name], time.time())

    progress_file().change(win)
    if taken:
        show(draw.won(taken, len(game.stepper.way())))
    return True


def scene_won(scene: Scene) -> bool:
    """Play a scene at the keys, in its first language; whether it was won. Raises RuntimeMissing."""
    from mtlearn.grading.play import play_scene
    from mtlearn.lab.runtime import find
    from mtlearn.render import position as draw
    from mtlearn.render.screen import make_screen

    executable = find(scene.runtimes[0])
    with ExitStack() as until_end:
        with make_screen().working(f"Getting {scene.name} ready"):
            game = until_end.enter_context(play_scene(scene, executable.kind, executable.executable))
            begun = game.stepper.at(())
        head = draw.head(game.name, executable.label, game.goal)
        return _at_the_keys(game, begun, head, _again(game, executable, None, None))


def _open(
    course: Course,
    name: str,
    runtime: Runtime,
    file: Path | None,
    workspace: Path | None,
    tell: Callable[[str], None],
) -> AbstractContextManager[Game]:
    """What is to be played under that name."""
    from mtlearn.course.names import exercise_name, is_path, number_in, plain
    from mtlearn.grading.play import play_exercise, play_scene
    from mtlearn.learner import replays

    scenes = course.scenes()
    if scene := next((each for each in scenes if each.name == plain(name)), None):
        if file:
            raise MtlearnError(
                f"{name} takes no --file.", "It is a scene, which has its own program.", f"mtlearn play {name}"
            )
        return play_scene(scene, runtime.kind, runtime.executable)
    own = [each.name for each in course.exercises() if each.explored]
    if not is_path(name) and number_in(name) is None and exercise_name(name) not in own:
        known = [*(each.name for each in scenes), *own]
        raise unknown_name("scene", name, known, "mtlearn play", "mtlearn play")
    exercise = exercise_named(course, name, "play")
    if file is None:
        from mtlearn.learner.workspace import find

        file = find(workspace, Path.cwd()).file(exercise, runtime.kind)
        if exercise.explored and not file.exists():  # what cannot be played at all is reported by that
            raise MtlearnError(
                f"You have no {exercise.name} to play yet.",
                f"{short(file)} does not exist.",
                f"mtlearn check {exercise.name} --runtime {runtime.kind}",
            )
    kept = replays.found(home(), exercise.name, runtime.kind)
    return play_exercise(exercise, file, runtime.kind, runtime.executable, lambda result: tell(result.label), kept)


def _again(game: Game, runtime: Runtime, file: Path | None, workspace: Path | None) -> str:
    """The command that plays it again."""
    words = ["mtlearn play", game.name]
    if file:
        words.append(f"--file {short(file)}")
    elif runtime.kind == "node":
        words.append("--runtime node")
    if workspace:
        words.append(f"--workspace {short(workspace)}")
    return " ".join(words)
