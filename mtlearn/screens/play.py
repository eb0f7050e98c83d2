"""The learner is the scheduler: threads side by side, and a key for each of them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Key, Resize
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from mtlearn.errors import MtlearnError
from mtlearn.interleave.stepper import Moves, Position, Stepper
from mtlearn.interleave.tally import Tally
from mtlearn.render import position as draw
from mtlearn.render.interleaving import Marks
from mtlearn.screens.app import Page

Ask = Callable[[Position], tuple[Position, str]]  # what a key asks for: where that leads, and a word on it

FULL_HEIGHT = 24  # lines of a terminal: a lower one shows fewer lines of code


@dataclass
class Arrived(Message):
    """A position was reached, with a word on it."""

    position: Position
    word: str
    tally: Tally | None  # of all orders, once one has ended


class Playing(Screen[str]):
    """Plays one program from a position on; the result is the moves after which the learner left."""

    DEFAULT_CSS = """
    Playing > Static { height: auto; }
    Playing > #head, Playing > #threads, Playing > #shared { margin-bottom: 1; }
    Playing > VerticalScroll { height: 1fr; }
    Playing > #keys { text-style: dim; }
    """

    def __init__(self, stepper: Stepper, begun: Position, head: Any, hint: str, found: Moves = ()) -> None:
        super().__init__()
        self._found = found  # an order that goes wrong: a key goes through it
        self._stepper = stepper
        self._head = head
        self._hint = hint
        self.position = begun
        self.word = ""
        self.tally: Tally | None = None
        self.won: int | None = None  # the moves after which the learner alone has brought the bug about
        self.proven = False  # that nothing goes wrong, whoever goes first
        self._helped = bool(begun.moves)
        self._left = False
        self._asked: queue.SimpleQueue[Ask | None] = queue.SimpleQueue()
        self._keys: dict[str, Callable[[], None]] = {
            "space": self._follow,
            "u": lambda: self._ask(self._undo),
            "r": self._begin_again,
            "s": self._show_way,
            "h": lambda: self._say(self._hint),
            "question_mark": lambda: self._read(draw.HELP),
            "q": lambda: self._leave(),
        }

    def compose(self) -> ComposeResult:
        """What it is about, the threads, what they share, what has happened, what to say, and the keys."""
        yield Static(self._head, id="head")
        yield Static(id="threads")
        yield Static(id="shared")
        with VerticalScroll():
            yield Static(id="trace")
        yield Static(id="said")
        yield Static(draw.keys(bool(self._found)), id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin. Moves are made in a thread: the program that is played may hang for a while."""
        self.query_one(VerticalScroll).focus()
        threading.Thread(target=self._make_moves, args=(self.position,), daemon=True).start()
        self._draw()

    def on_unmount(self) -> None:
        """End that thread, whatever was asked for meanwhile."""
        self._left = True
        self._asked.put(None)

    def _make_moves(self, position: Position) -> None:
        while (ask := self._asked.get()) and not self._left:
            tally = None
            try:
                position, word = ask(position)
                if position.ended:
                    tally = self._stepper.orders()
            except MtlearnError as error:
                word = f"{error.cause} {error.fix}"
            self.post_message(Arrived(position, word, tally))

    def _ask(self, ask: Ask) -> None:
        self._asked.put(ask)

    # -- what the keys do -------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """A key of a thread, or a command."""
        if act := self._keys.get(event.key):
            event.stop()
            act()
        elif event.character and event.character.isalnum() and event.character.isascii():
            event.stop()
            self._ask(lambda position: (self._stepper.move(position, _letter(event.character or "", position)), ""))

    def _undo(self, position: Position) -> tuple[Position, str]:
        return self._stepper.at(position.moves[:-1]), "" if position.moves else "This is the beginning."

    def _follow(self) -> None:
        if self._found:
            self._helped = True
            self._ask(self._next_found)

    def _next_found(self, position: Position) -> tuple[Position, str]:
        made = len(position.moves)
        if position.moves != self._found[:made]:
            return position, "This is another order than the one that was found: step back (u), or start again (r)."
        return self._stepper.at(self._found[: made + 1]), ""

    def _begin_again(self) -> None:
        self._helped = False
        self._ask(lambda _: (self._stepper.at(()), ""))

    def _show_way(self) -> None:
        self._helped = True
        self._say("Looking for the shortest way that goes wrong…")
        self._ask(self._way)

    def _way(self, position: Position) -> tuple[Position, str]:
        if position.ended:
            return position, "It is over: step back (u), or start again (r)."
        try:
            way = self._stepper.way(position.moves)
        except MtlearnError:
            self.proven = self.proven or not position.moves
            raise
        shown = self._stepper.at(way)
        return shown, f"The shortest way: {shown.told[len(position.moves) :]}. Take it back (u), step by step."

    def _read(self, text: str) -> None:
        self.app.push_screen(Page(text))

    def _leave(self) -> None:
        self.dismiss(self.position.told)

    # -- what is shown ----------------------------------------------------------

    def on_arrived(self, message: Arrived) -> None:
        """Show the new position."""
        self.position, self.word, self.tally = message.position, message.word, message.tally
        if self.position.bug and not self._helped:
            moves = len(self.position.moves)
            self.won = min(moves, self.won or moves)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw it again, for the new width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        position, marks, width = self.position, Marks(False), self.size.width - 1  # beside the scroll bar
        lines = 5 if self.size.height >= FULL_HEIGHT else 3
        self.query_one("#threads", Static).update(draw.threads(position, width, marks, lines))
        self.query_one("#shared", Static).update(draw.shared(position, marks))
        self.query_one("#trace", Static).update(draw.trace(position, width, marks))
        self._say(self.word)
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _say(self, word: str) -> None:
        said = draw.said(self.position, Marks(False), self.tally)
        self.query_one("#said", Static).update(draw.with_word(said, word))


def _letter(key: str, position: Position) -> str:
    """The thread that a key stands for: "b" and "2" are the second."""
    if not key.isdigit():
        return key.upper()
    number = int(key)
    return position.threads[number - 1].letter if 1 <= number <= len(position.threads) else key
