"""Single keys from the terminal."""

from __future__ import annotations

from mtlearn.render.lesson import MORE, prompt
from mtlearn.render.screen import Screen

_MOVES = {"\r": "next", "\n": "next", " ": "next", "s": "next", "b": "back", "q": "quit"}


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

    def more(self) -> str:
        """Wait at the end of a page; what asked for it disappears again, where that can be."""
        console = self._screen.console
        console.print()
        console.print(MORE, end="")
        console.file.flush()
        move = self._read(None)
        self._screen.wipe()
        assert isinstance(move, str)
        return move

    def choose(self, count: int) -> int | str:
        """Wait for a choice or a move."""
        return self._wait(count)

    def _wait(self, choices: int | None) -> int | str:
        self._screen.console.print(prompt(choices))
        return self._read(choices)

    def _read(self, choices: int | None) -> int | str:
        import typer

        while True:
            try:
                key = typer.getchar().lower()
            except EOFError:
                return "quit"
            if key in _MOVES:
                return _MOVES[key]
            if choices and key.isdecimal() and 1 <= int(key) <= choices:
                return int(key) - 1
