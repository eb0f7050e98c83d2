"""mtlearn.screens.listing: the list of lessons and exercises, by Textual's pilot."""

from __future__ import annotations

import pytest
from test_screens import COURSE, SIZES, play, shown, until
from textual.pilot import Pilot

from mtlearn.learner.progress import Progress
from mtlearn.learner.standing import Item, standing
from mtlearn.screens.listing import Listing

ITEMS = standing(COURSE, Progress()).items


@pytest.mark.parametrize("size", SIZES)
def test_the_list(size: tuple[int, int]) -> None:
    """The list shows every item in its own line, by name and title, and which keys there are."""

    async def drive(pilot: Pilot[object]) -> None:
        words = await until(pilot, "lesson 1")
        assert "Threads, and the" in words
        assert "/ search" in words
        assert "Enter open · q back" in words
        assert len([line for line in shown(pilot).splitlines() if line.startswith("· ")]) == 22

    play(Listing(ITEMS), drive, size)


@pytest.mark.parametrize(
    ("keys", "label"),
    [
        (["enter"], "lesson 1"),
        (["down", "down", "up", "enter"], ITEMS[1].label),
        (["j", "j", "k", "enter"], ITEMS[1].label),
        (["k", "enter"], ITEMS[-1].label),
        (["slash", *"lesson 5", "enter"], "lesson 5"),
        (["slash", *"counter ex", "down", "up", "enter"], "exercise-5"),
        (["slash", *"counter", "escape", "enter"], "lesson 1"),
        (["slash", *"qjk", "enter", "escape", "q"], None),
        (["escape"], None),
        (["q"], None),
    ],
    ids=str,
)
def test_choosing(keys: list[str], label: str | None) -> None:
    """Arrows or j and k move, / searches as one types, Enter opens, Escape ends the search or leaves, q leaves."""

    async def drive(pilot: Pilot[object]) -> None:
        await pilot.press(*keys)

    chosen = play(Listing(ITEMS), drive).return_value
    assert (chosen.label if isinstance(chosen, Item) else chosen) == label


def test_nothing_found() -> None:
    """A search that finds nothing says so."""

    async def drive(pilot: Pilot[object]) -> None:
        await pilot.press("slash", *"xyzzy")
        await until(pilot, "Nothing in the course matches that.")

    play(Listing(ITEMS), drive)


def test_ctrl_c() -> None:
    """Ctrl-C ends it, while searching too."""
    for keys in ((), ("slash", "a")):

        async def drive(pilot: Pilot[object], keys: tuple[str, ...] = keys) -> None:
            await pilot.press(*keys, "ctrl+c")

        assert play(Listing(ITEMS), drive).interrupted
