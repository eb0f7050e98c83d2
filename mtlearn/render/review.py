"""A day's review: what there is to do, and when it comes back."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.course.scene import Scene
from mtlearn.learner.reviews import DAY_S, Recall, Today


def to_do(due: Today) -> RenderableType:
    """How much there is, and how long it takes."""
    kinds = [card.kind for card in due.cards]
    told = ", ".join(_count(kinds.count(kind), kind) for kind in dict.fromkeys(kinds))
    return Text(f"Review: {told}; about {max(round(due.seconds / 60), 1)} min.", style="head")


def nothing_due(due: Today, following: float | None) -> RenderableType:
    """That there is nothing to do now, and why."""
    if due.more:
        told = Text(f"Five minutes are done for today; {_count(due.more, 'card')} can wait. To go on: ")
        return told.append("mtlearn review --all", "name")
    if following is None:
        return Text(
            "Nothing to review yet. Questions that you answer in a quiz, katas that you try and scenes that you win "
            "come back here a day later, and then ever more rarely."
        )
    return Text(f"Nothing is due today. The next one is, on {_date(following)}.")


def scenes(found: Sequence[Scene]) -> RenderableType:
    """Scenes, which need a screen to be played on."""
    return Text.assemble("To play, in a terminal: ", ("mtlearn play", "name"), f" {', '.join(s.name for s in found)}")


def offered(scene: Scene) -> RenderableType:
    """A scene that is to be won again."""
    told = Text.assemble("\nScene ", (scene.name, "name"), f": {scene.goal}")
    return Group(told, Text("Enter plays it · any other key leaves it for later", style="dim"))


def ending(recalled: Sequence[Recall], first: float | None, now: float, more: int) -> RenderableType:
    """How it went, when the first of them comes back, and what is due besides."""
    if not recalled or first is None:
        return Text("Nothing was answered: all of it stays due.", style="dim")
    known = sum(recall is not Recall.FORGOTTEN for recall in recalled)
    told = f"Remembered: {known} of {len(recalled)}. The first comes back {_when(first, now)}."
    lines = [Text(told, style="good" if known == len(recalled) else "open")]
    if more:
        lines.append(Text.assemble(f"{_count(more, 'card')} can wait; to go on: ", ("mtlearn review --all", "name")))
    return Group(*lines)


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _when(due: float, now: float) -> str:
    days = round((due - now) / DAY_S)
    return "tomorrow" if days <= 1 else f"in {days} days, on {_date(due)}"


def _date(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(at))
