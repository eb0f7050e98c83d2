"""The command for five minutes a day: what was met, asked again when it is due."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.shared import JsonOption, PlainOption, interactive, keys_at, progress_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mtlearn.course.scene import Scene
    from mtlearn.learner.deck import Asked
    from mtlearn.learner.progress import LessonProgress
    from mtlearn.learner.reviews import Recall

commands = typer.Typer()


@commands.command()
def review(
    everything: Annotated[bool, typer.Option("--all", help="All that is due, however long it takes.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Show it with its answers, ask nothing.")] = False,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer again what is due today, five minutes of it: questions, katas, scenes."""
    from mtlearn.course.content import load
    from mtlearn.learner import deck, reviews
    from mtlearn.render import review as draw
    from mtlearn.render.screen import make_screen

    course, screen, file = load(), make_screen(), progress_file()
    full = not no_input and interactive(plain)
    known = file.read()
    every = deck.asked(course, known.cards.values())
    if gone := known.cards.keys() - every.keys():
        file.change(lambda known: reviews.forget(known, gone))
        known = file.read()
    due = reviews.today(known, time.time(), everything)
    if as_json:
        cards = [{"kind": card.kind, "name": card.name, "due": card.due} for card in due.cards]
        print(json.dumps({"version": 1, "seconds": due.seconds, "more": due.more, "cards": cards}))
        return
    if not due.cards:
        screen.console.print(draw.nothing_due(due, min((card.due for card in known.cards.values()), default=None)))
        return
    asked = [every[card.key] for card in due.cards]
    recalled: dict[str, Recall] = {}

    def note(asked: Asked, recall: Recall) -> None:
        recalled[asked.card.key] = recall
        file.change(lambda known: reviews.note(known, asked.card, recall, time.time()))

    def remember(answered: LessonProgress) -> None:
        for each in asked:
            recall = each.recall(answered.answers) if each.questions else None
            if recall and each.card.key not in recalled:
                note(each, recall)

    screen.console.print(draw.to_do(due))
    scenes = [(each, each.scene) for each in asked if each.scene]
    done = _questions([each for each in asked if each.questions], remember, full, no_input)
    if full and done:
        for each, scene in scenes:
            won = _scene(scene)
            if won is not None:
                note(each, reviews.Recall.WELL if won else reviews.Recall.FORGOTTEN)
    elif scenes:
        screen.console.print(draw.scenes([scene for _, scene in scenes]))
    after = [card.due for key, card in file.read().cards.items() if key in recalled]
    screen.console.print(draw.ending(tuple(recalled.values()), min(after, default=None), time.time(), due.more))


def _questions(asked: Sequence[Asked], remember: Callable[[LessonProgress], None], full: bool, no_input: bool) -> bool:
    """Ask them, one after the other; whether the end was reached."""
    from mtlearn.course.lesson import Lesson
    from mtlearn.course.quiz import Quiz
    from mtlearn.learner.progress import LessonProgress
    from mtlearn.render.screen import make_screen
    from mtlearn.screens.walk import Walk

    if not asked:
        return True
    questions = tuple(question for each in asked for question in each.questions)
    lesson = Lesson(0, "Review", (Quiz({}, questions, "Review"),))
    if full:
        from mtlearn.screens.app import show
        from mtlearn.screens.lesson import LessonScreen

        return show(LessonScreen(Walk(lesson, LessonProgress(), remember), lambda *_: (), None), mouse=True) == "done"
    from mtlearn.screens.player import Player

    screen = make_screen()
    keys = keys_at(screen, no_input)
    walk = Walk(lesson, LessonProgress(), remember if keys else None)
    return Player(walk, screen, lambda demo: (), keys).play()


def _scene(scene: Scene) -> bool | None:
    """Offer a scene, and play it; whether it was won, None where it was left for later."""
    from mtlearn.cli.play import scene_won
    from mtlearn.lab.runtime import RuntimeMissing
    from mtlearn.render import review as draw
    from mtlearn.render.screen import make_screen

    console = make_screen().console
    console.print(draw.offered(scene))
    if typer.getchar() not in ("\r", "\n", " "):
        return None
    try:
        return scene_won(scene)
    except RuntimeMissing as missing:
        console.print(missing.one_line, style="open")
        return None
