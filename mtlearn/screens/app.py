"""What every screen needs: the terminal's own colours, Ctrl-C that ends, and a page to read."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Static

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.render.screen import THEME

Result = TypeVar("Result")


class CourseApp(App[Any]):
    """Shows one screen, and ends with what that is dismissed with."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "* { scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "interrupt", priority=True, show=False)]

    def __init__(self, first: Screen[Any]) -> None:
        super().__init__(ansi_color=True)  # the colours of the terminal; none with NO_COLOR
        self.console.push_theme(THEME)
        self.interrupted = False
        self._first = first

    def on_mount(self) -> None:
        """Show it. A signal that ends a program ends it too, with the terminal as it was."""
        self.push_screen(self._first, self.exit)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(NotImplementedError, AttributeError):  # not on Windows
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.action_interrupt)

    def action_interrupt(self) -> None:
        """End at once, as Ctrl-C does everywhere else."""
        self.interrupted = True
        self.exit()


def show(screen: Screen[Result], mouse: bool = False) -> Result | None:
    """Show a screen until it is dismissed; its result. Ctrl-C raises KeyboardInterrupt.

    Without the mouse, text can be selected as everywhere else in the terminal.
    """
    app = CourseApp(screen)
    result: Result | None = app.run(mouse=mouse)
    if app.interrupted:
        raise KeyboardInterrupt
    if app.return_code:
        raise MtlearnError(
            "The screen has failed.",
            "The error is shown above.",
            "Add --plain, which does without a screen.",
            ExitCode.ENVIRONMENT,
        )
    return result


class Page(Screen[str]):
    """Something to read; Esc, Enter, q or one of `keys` leaves it, and is its result."""

    DEFAULT_CSS = """
    Page > VerticalScroll { height: 1fr; }
    Page > #keys { height: auto; text-style: dim; }
    """

    def __init__(self, content: Any, keys: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._content = content
        self._keys = {*keys, "escape", "enter", "q"}

    def compose(self) -> ComposeResult:
        """The text, and which key leaves it."""
        with VerticalScroll():
            yield Static(self._content)
        yield Static("Esc back", id="keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Leave."""
        if event.key in self._keys:
            event.stop()
            self.dismiss(event.key)
