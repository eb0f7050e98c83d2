"""Everything there is to learn by, to look through and to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mtlearn.learner.standing import Item
from mtlearn.render import overview

KEYS = "Enter open · q back"


class Listing(Screen[Item]):
    """A list of items; the one chosen is the result, None where none was."""

    DEFAULT_CSS = """
    Listing > Input { height: 1; padding: 0; }
    Listing > Input, Listing > Input:focus, Listing > OptionList, Listing > OptionList:focus { border: none; }
    Listing > OptionList { height: 1fr; padding: 0; text-wrap: nowrap; text-overflow: ellipsis; }
    Listing > OptionList > .option-list--option-highlighted,
    Listing > OptionList:focus > .option-list--option-highlighted {
        color: ansi_default; background: ansi_default; text-style: bold underline;
    }
    Listing > Static { height: auto; text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", show=False, priority=True),  # what is typed right behind it belongs to the search
        Binding("escape", "back", show=False),
        Binding("q", "leave", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, items: Sequence[Item], at: str = "") -> None:
        super().__init__()
        self._items = items
        self._shown: Sequence[Item] = ()
        self._at = at  # the name of the item to begin at

    def compose(self) -> ComposeResult:
        """The search above, the list, and which keys do what."""
        yield Input(placeholder="/ search", select_on_focus=False)
        yield OptionList()
        yield Static(KEYS, markup=False)

    def on_mount(self) -> None:
        """Show all of it."""
        self._fill("")
        names = [item.name for item in self._items]
        self._list.highlighted = names.index(self._at) if self._at in names else 0
        self.set_focus(self._list)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _fill(self, words: str) -> None:
        self._shown = [item for item in self._items if item.matches(words)]
        self._list.clear_options()
        self._list.add_options(Option(overview.item(item)) for item in self._shown)
        if not self._shown:
            self._list.add_option(Option(overview.listing(()), disabled=True))
        self._list.highlighted = 0 if self._shown else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what matches."""
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Open what is highlighted."""
        if self._shown and self._list.highlighted is not None:
            self.dismiss(self._shown[self._list.highlighted])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        self.dismiss(self._shown[event.option_index])

    def action_search(self) -> None:
        """Let the learner type what to look for."""
        self.set_focus(self.query_one(Input))

    def action_move(self, by: int) -> None:
        """Go up or down, also while searching."""
        if self._shown:
            self._list.highlighted = ((self._list.highlighted or 0) + by) % len(self._shown)

    def action_back(self) -> None:
        """End the search; without one, leave."""
        search = self.query_one(Input)
        if not search.has_focus and not search.value:
            self.dismiss(None)
        search.value = ""
        self.set_focus(self._list)

    def action_leave(self) -> None:
        """Leave without a choice."""
        self.dismiss(None)
