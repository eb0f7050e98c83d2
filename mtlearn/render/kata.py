"""Katas, and what follows one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import RenderableType
from rich.text import Text

from mtlearn.course.kata import LANGUAGES, Kata
from mtlearn.render.overview import facts


def listing(katas: Sequence[Kata], solved: Collection[int]) -> RenderableType:
    """Every kata with its exercise, and whether its line was found."""
    return facts(
        [
            (
                True if each.number in solved else None,
                f"{each.number}",
                f"{each.exercise.name}, {LANGUAGES[each.language]}: {each.exercise.title}",
            )
            for each in katas
        ]
    )


def ending(kata: Kata, following: int | None) -> Text:
    """How to see all of the program, and the next kata."""
    told = Text.assemble("All of it: ", (f"mtlearn dev show {kata.exercise.name} {kata.mutant.file_name}", "name"))
    if following:
        told.append_text(Text.assemble("\nGo on: ", (f"mtlearn kata {following}", "name")))
    return told


def go_on(kata: Kata, following: int | None) -> Text:
    """Which key goes on to what."""
    onwards = "Enter the next kata · " if following else ""
    return Text(f"{onwards}e {kata.exercise.name} · any other key leaves", style="dim")
