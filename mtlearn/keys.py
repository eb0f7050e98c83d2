"""Single keys from the terminal."""

from __future__ import annotations

from mtlearn.render.lesson import prompt
from mtlearn.render.screen import Screen

_MOVES = {"\r": "next", "\n": "next", " ": "next", "b": "back", "q": "quit"}


class TerminalKeys:
    """Reads one key at a time; a key that means nothing is passed over. Ctrl-C raises KeyboardInterrupt."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def go_on(self) -> str:
        """Wait for a move."""
        self._screen.console.print()
        answer = self._wait(None)
        assert isinstance(answer, str)
        return answer

    def choose(self, count: int) -> int | str:
        """Wait for a choice or a move."""
        return self._wait(count)

    def _wait(self, choices: int | None) -> int | str:
        import typer

        self._screen.console.print(prompt(choices))
        while True:
            try:
                key = typer.getchar().lower()
            except EOFError:
                return "quit"
            if key in _MOVES:
                return _MOVES[key]
            if choices and key.isdecimal() and 1 <= int(key) <= choices:
                return int(key) - 1
