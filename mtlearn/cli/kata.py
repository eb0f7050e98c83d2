"""The command for one minute: find the wrong line."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.onwards import Onwards
from mtlearn.cli.shared import JsonOption, PlainOption, interactive, keys_at, progress_file
from mtlearn.errors import MtlearnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mtlearn.course.kata import Kata
    from mtlearn.learner.progress import LessonProgress, Progress

commands = typer.Typer()


@commands.command()
def kata(
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="Which one (default: the first not solved yet).")
    ] = None,
    task: Annotated[
        str | None, typer.Option(metavar="LESSON", help="The first of this lesson's not solved yet, such as 5.")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the katas.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Show it with its answers, ask nothing.")] = False,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> Onwards | None:
    """Find the wrong line in a short piece of code, and see what comes of it: a minute each."""
    from mtlearn.course.content import load
    from mtlearn.course.kata import katas
    from mtlearn.learner.deck import name
    from mtlearn.learner.progress import LessonProgress
    from mtlearn.learner.reviews import meet
    from mtlearn.render import kata as draw
    from mtlearn.render.screen import make_screen
    from mtlearn.screens.walk import Walk

    every, screen, file = katas(load()), make_screen(), progress_file()
    known = file.read()
    solved = {each.number for each in every if solved_in(known, each)}
    if as_json:
        told = [
            {
                "kata": each.number,
                "exercise": each.exercise.name,
                "language": each.language,
                "solved": each.number in solved,
            }
            for each in every
        ]
        print(json.dumps({"version": 1, "katas": told}))
        return None
    if show_list:
        screen.console.print(draw.listing(every, solved))
        return None
    chosen = _chosen(every, solved, number, task)
    lesson = chosen.lesson()
    begun = LessonProgress()

    def remember(answered: LessonProgress) -> None:
        def change(known: Progress) -> None:
            kept = known.lesson(chosen.exercise.task)
            kept.answers.update(answered.answers)
            kept.touch(time.time())
            if answered.answers:
                meet(known, "kata", [name(chosen)], time.time())

        file.change(change)

    if not no_input and interactive(plain):
        from mtlearn.screens.app import show
        from mtlearn.screens.lesson import LessonScreen

        if show(LessonScreen(Walk(lesson, begun, remember), lambda *_: (), None), mouse=True) != "done":
            return None
        following = _evidence(chosen, every)
        screen.console.print(draw.go_on(chosen, following))
        key = typer.getchar()
        if key == "e":
            return Onwards(("watch", chosen.exercise.name))
        return Onwards(("kata", str(following))) if following and key in ("\r", "\n", " ") else None
    else:
        from mtlearn.screens.player import Player

        keys = keys_at(screen, no_input)
        if not Player(Walk(lesson, begun, remember if keys else None), screen, lambda demo: (), keys).play():
            return None
    _evidence(chosen, every)
    return None


def solved_in(progress: Progress, kata: Kata) -> bool:
    """Whether its line was found."""
    line = kata.questions[0]
    return progress.lesson(kata.exercise.task).answers.get(line.text) == line.right


def _chosen(every: Sequence[Kata], solved: set[int], number: int | None, task: str | None) -> Kata:
    from mtlearn.course.names import number_in

    if number is None:
        named = number_in(task) if task is not None else None
        there = [each for each in every if task is None or (named and each.exercise.task == named.value)]
        if not there:
            tasks = sorted({each.exercise.task for each in every})
            raise MtlearnError(
                f"There is no kata of lesson `{task}`.",
                f"The lessons are numbered from {tasks[0]} to {tasks[-1]}.",
                "mtlearn kata --list",
            )
        return next((each for each in there if each.number not in solved), there[0])
    if not 1 <= number <= len(every):
        raise MtlearnError(
            f"There is no kata {number}.", f"They are numbered from 1 to {len(every)}.", "mtlearn kata --list"
        )
    return every[number - 1]


def _evidence(kata: Kata, every: Sequence[Kata]) -> int | None:
    """Grade what the kata is made of in the check that fails, and show why; the number of the next kata."""
    from mtlearn.grading.judge import grade
    from mtlearn.lab.runtime import RuntimeMissing, find
    from mtlearn.render import kata as draw
    from mtlearn.render import verdict as draw_verdict
    from mtlearn.render.screen import make_screen
    from mtlearn.system.temporary import TemporaryFolder

    screen = make_screen()
    following = kata.number + 1 if kata.number < len(every) else None
    try:
        runtime = find(kata.language)
    except RuntimeMissing as missing:
        screen.console.print(missing.one_line, style="open")
        return following
    with TemporaryFolder() as folder, screen.working("Running it through the orders of steps that matter"):
        wrong = kata.mutant.write(folder)
        verdict = grade(kata.exercise, wrong, kata.language, runtime.executable, only=kata.mutant.fails)
    failed = [result for result in verdict.checks if result.status == "fail"]
    screen.console.print(draw_verdict.drawn(failed, screen.console, screen.console.width))
    screen.console.print(draw.ending(kata, following))
    return following
