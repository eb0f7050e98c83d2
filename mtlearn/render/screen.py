"""Where everything is drawn: width, colour and whether to animate are decided here, once."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from rich.console import Console, ConsoleDimensions, Group
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from mtlearn.lab.recording import Gauge

NARROW = 72  # columns: below this, tables become lists

THEME = Theme(
    {
        "good": "green",
        "bad": "red",
        "open": "yellow",
        "dim": "dim",
        "name": "bold cyan",
        "head": "bold",
        "markdown.code": "bold cyan",
        "markdown.item.bullet": "dim",
    }
)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line what a pipe that nobody reads means."""
        raise BrokenPipeError


@dataclass(frozen=True)
class Screen:
    """A console, and whether something may move on it."""

    console: Console
    animated: bool

    @property
    def narrow(self) -> bool:
        """Whether a table would not fit."""
        return self.console.width < NARROW

    @property
    def coloured(self) -> bool:
        """Whether colours are shown."""
        return self.console.color_system is not None and not self.console.no_color

    @property
    def full(self) -> bool:
        """Whether a screen can be drawn that takes all of the terminal: that needs movement, and its characters."""
        return self.animated and self.console.encoding.startswith("utf")

    def write(self, text: str) -> None:
        """Write what the console has made of something before."""
        self.console.file.write(text)
        self.console.file.flush()

    def wipe(self) -> None:
        """Take back the line that was just written and the blank one above it, where that can be done."""
        if self.animated:
            self.console.control(
                Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_UP, 1))
            )
        else:
            self.console.print()

    @contextmanager
    def working(self, text: str) -> Iterator[Working]:
        """Show that something is under way, if that can be shown; it disappears afterwards."""
        if not self.animated:
            yield Working()
            return
        from rich.status import Status

        with _deaf(), Status(text, console=self.console, spinner_style="name") as status:
            yield Working(status.update, self.console.width - 2)


@contextmanager
def _deaf() -> Iterator[None]:
    """What is typed meanwhile is not shown, and is no answer to what comes next."""
    if not _at_the_keyboard():
        yield
        return
    import termios

    stream = sys.stdin.fileno()
    before = termios.tcgetattr(stream)
    silent = termios.tcgetattr(stream)
    silent[3] &= ~termios.ECHO  # the local modes
    termios.tcsetattr(stream, termios.TCSANOW, silent)
    try:
        yield
    finally:
        if _at_the_keyboard():  # it may have been sent to the background
            termios.tcsetattr(stream, termios.TCSAFLUSH, before)


def _at_the_keyboard() -> bool:
    """Whether the terminal takes orders from this process: one in the background would be halted for them."""
    if os.name != "posix" or not sys.stdin.isatty():
        return False
    with suppress(OSError):
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return False


class Working:
    """The line, or the lines, that tell what is under way."""

    def __init__(self, update: object = None, width: int = 0) -> None:
        self._update, self._width = update, width
        self._text = ""
        self._gauges: Sequence[Gauge] = ()

    def now(self, text: str) -> None:
        """Say something else in it."""
        self._text = text
        self._show()

    def read(self, gauges: Sequence[Gauge]) -> None:
        """Show below it what gauges have read until now."""
        self._gauges = gauges
        self._show()

    def _show(self) -> None:
        if not callable(self._update):
            return
        if not self._gauges:
            self._update(self._text)
            return
        from mtlearn.render.gauges import gauge_lines

        self._update(Group(Text(self._text), *gauge_lines(self._gauges, self._width)))


@contextmanager
def quiet() -> Iterator[Working]:
    """The same as Screen.working where nothing is shown."""
    yield Working()


def make_screen(stream: IO[str] | None = None) -> Screen:
    """The screen on standard output (or another stream).

    NO_COLOR and TERM=dumb take colour away, CI and a pipe take movement away; FORCE_COLOR in a pipe gives colour only.
    """
    stream = stream or sys.stdout
    terminal = stream.isatty()
    console = _Console(file=stream, theme=THEME, highlight=False, emoji=False, markup=False)
    if console.is_dumb_terminal:  # which Rich takes to be 80 by 25 always
        console.size = ConsoleDimensions(*shutil.get_terminal_size())
    animated = terminal and not console.is_dumb_terminal and not os.environ.get("CI")
    return Screen(console, animated)
