"""Choices to take one of: arrows move, a click or the choice's number takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Click
from textual.widgets import Static

from mtlearn.render import lesson as draw


class _Choice(Static):
    def __init__(self, number: int, take: Callable[[int], None]) -> None:
        super().__init__()
        self._number = number
        self._take = take

    def on_click(self, event: Click) -> None:
        event.stop()
        self._take(self._number)


class Choices(Vertical):
    """So many choices, one of them highlighted until `take` is told of one."""

    DEFAULT_CSS = """
    Choices { height: auto; margin: 1 0; }
    Choices > Static { height: auto; }
    """

    def __init__(self, says: Sequence[str], take: Callable[[int], None], at: int = 0) -> None:
        super().__init__()
        self._says = says
        self._told = take
        self.at = at
        self.open = True
        self._right: int | None = None
        self._taken: int | None = None

    def compose(self) -> ComposeResult:
        """A line or more for each."""
        for number in range(len(self._says)):
            yield _Choice(number, self.take)

    def on_mount(self) -> None:
        """Show them."""
        self._draw()

    def take(self, number: int) -> None:
        """This one it is, as long as none was taken."""
        if self.open and number < len(self._says):
            self.at = number
            self._told(number)

    def move(self, by: int) -> None:
        """Highlight another one."""
        self.at = (self.at + by) % len(self._says)
        self._draw()
        self.children[self.at].scroll_visible(animate=False)

    def close(self, taken: int | None, right: int | None = None) -> None:
        """Show which one was taken and which is right; no other can be taken any more."""
        self.open, self._taken, self._right = False, taken, right
        self._draw()

    def _draw(self) -> None:
        for number, child in enumerate(self.query(_Choice)):
            if self.open:
                drawn = draw.choice(number, self._says[number], highlighted=number == self.at)
            else:
                drawn = draw.choice(
                    number, self._says[number], taken=number == self._taken, right=number == self._right
                )
            child.update(drawn)
