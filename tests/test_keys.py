"""mtlearn.screens.keys: what each key means."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import typer

from mtlearn.render.screen import make_screen
from mtlearn.screens.keys import TerminalKeys

Press = Callable[..., TerminalKeys]


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    """A keyboard on which these keys are pressed."""

    def keyboard(*keys: str) -> TerminalKeys:
        left = list(keys)

        def getchar() -> str:
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(typer, "getchar", getchar)
        return TerminalKeys(make_screen(io.StringIO()))

    return keyboard


@pytest.mark.parametrize(
    ("key", "move"), [("\r", "next"), ("\n", "next"), (" ", "next"), ("b", "back"), ("B", "back"), ("q", "quit")]
)
def test_moves(press: Press, key: str, move: str) -> None:
    """Enter and space go on, b goes back, q quits, in small letters or capitals."""
    assert press(key).go_on() == move
    assert press(key).more() == move
    assert press(key).choose(4) == move


@pytest.mark.parametrize("key", ["x", "0", "5", "9", "\x1b[A", "12", "²", "ä", ""])
def test_keys_that_mean_nothing(press: Press, key: str) -> None:
    """A key that means nothing is passed over, a number that is no choice too."""
    assert press(key, "2").choose(4) == 1
    assert press(key, "1", "q").go_on() == "quit"


def test_choices(press: Press) -> None:
    """A number answers, counted from 1 on the keyboard."""
    assert [press(key).choose(4) for key in "1234"] == [0, 1, 2, 3]


def test_the_end_of_input(press: Press) -> None:
    """Where the input ends, the lesson is left."""
    assert press().go_on() == "quit"
