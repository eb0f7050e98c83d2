"""What `watch` says around a verdict."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.errors import MtlearnError
from mtlearn.grading.verdict import Verdict
from mtlearn.render.lesson import words
from mtlearn.render.verdict import summary

KEYS = "d statement · h hint · s solution · p play · l list · n next · r again · q quit"


def typed() -> Text:
    """Which letters do what, where they are typed with Enter."""
    return Text("h hint · s solution · l list · n next exercise · r again · q quit, each with Enter", style="dim")


def more_hints(last: bool) -> str:
    """How to get the next hint."""
    return "That was the last hint." if last else "For the next one: h"


def no_other() -> Text:
    """That there is no exercise to go on with."""
    return Text("Every other exercise is passed: l lists them all.")


def nothing_to_play() -> Text:
    """That there is no order of steps to be played."""
    return Text("No order of steps was found that breaks it, so there is none to play.")


def untouched(file: str, statement: str) -> RenderableType:
    """That the file is as it was made: what is to be written there."""
    return Group(Text.assemble("Nothing written yet: open ", (file, "name")), Text(), words(statement))


def running(seconds: float, checks: int) -> Text:
    """That a run is under way, and how far it is."""
    return Text(f"Running, {seconds:.0f} s: {checks} check{'' if checks == 1 else 's'} so far")


def finished(verdict: Verdict, following: str | None, breaking: bool = False) -> Text:
    """How it stands, and what to do next; `following` is what comes after it, `breaking` says that p can play it."""
    if verdict.status != "pass":
        return Text.assemble(summary(verdict), f" Save to check again{'; p plays that order' if breaking else ''}.")
    onwards = f" n goes on to {following}." if following else " That was the last exercise that was not passed."
    return Text.assemble(summary(verdict), onwards)


def stopped(error: MtlearnError) -> Text:
    """Why there is no verdict."""
    return Text.assemble((error.message, "bad"), f" {error.cause} {error.fix}")
