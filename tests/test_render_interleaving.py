"""The picture of an interleaving."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from test_explain import LOST

from mtlearn.interleave import Interleaving, explore
from mtlearn.interleave.trace import Step
from mtlearn.render.interleaving import interleaving


def drawn(found: Interleaving, width: int, *, ascii_only: bool = False, colour: bool = False) -> str:
    """Draw into a string."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(interleaving(found, width=width, ascii_only=ascii_only))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_it_fits(width: int) -> None:
    """No line is wider than the terminal, and everything is reported at each width."""
    text = drawn(LOST, width)
    assert max(map(len, text.splitlines())) <= width
    for words in ("Thread A", "Thread B", "counter.value", "is lost", "the counter is 1"):
        assert words in " ".join(text.split())


def test_threads_stand_in_columns() -> None:
    """At 60 columns and more each thread has a column, and a step stands below its thread's name."""
    lines = drawn(LOST, 60).splitlines()
    header = next(line for line in lines if "Thread A" in line and "Thread B" in line)
    second = header.index("Thread B")
    reads = [line for line in lines if "read counter.value" in line]
    assert [line.index("read") > second for line in reads] == [False, True]


def test_below_60_columns_it_is_a_list() -> None:
    """A narrow terminal gets one step after another, each under its thread and line."""
    lines = drawn(LOST, 40).splitlines()
    assert not any("Thread A" in line and "Thread B" in line for line in lines[:8])
    assert "Thread A, line 7: self.value += 1" in lines


def test_ascii_only_is_ascii() -> None:
    """Where only ASCII is wanted there is nothing else, whatever the program's source holds."""
    steps = (*LOST.steps, Step(0, "x.py", 9, "größe = 'ü'", "read", "größe", "'ü'"))
    found = Interleaving("python", "check", "falsch: ü", LOST.threads, steps, (), (0,))
    assert drawn(found, 80, ascii_only=True).isascii()


def test_colour_changes_nothing_else() -> None:
    """With colour the picture says the same as without."""
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", drawn(LOST, 80, colour=True)) == drawn(LOST, 80)
    assert "\x1b[" in drawn(LOST, 80, colour=True)


def test_the_same_step_again_and_again_is_counted() -> None:
    """A spin is one line that says how often, not a page."""

    class Flag:
        up = False

        def wait(self) -> None:
            while not self.up:
                pass

    found = explore(Flag, [Flag.wait], lambda _: None).counterexample
    assert found is not None
    text = drawn(found, 80)
    assert "times" in text
    assert len(text.splitlines()) < 20


@pytest.mark.parametrize("width", [40, 80])
def test_files_are_told_apart(width: int) -> None:
    """Where steps stand in several files, the file is named whenever a thread comes to another one."""
    steps = tuple(
        Step(thread, file, line, f"line {line}", "read", f"x.y{line}", "0", "seen")
        for thread, file, line in (
            (0, "/a/mine.py", 7),
            (1, "/a/mine.py", 7),
            (0, "/b/check.py", 263),
            (1, "/a/mine.py", 8),
        )
    )
    text = drawn(Interleaving("python", "check", "wrong", ("Thread A", "Thread B"), steps, (), (0,)), width)
    assert (text.count("mine.py"), text.count("check.py")) == (2, 1)
    assert text.index("check.py") < text.index("263")
    alone = drawn(Interleaving("python", "check", "wrong", ("Thread A", "Thread B"), steps[:2], (), (0,)), width)
    assert "mine.py" not in alone
