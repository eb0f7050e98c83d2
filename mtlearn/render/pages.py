"""Cutting what is printed into pages, so that nothing scrolls away before it could be read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

PROMPT = 3  # lines that stay free below a page: a blank one, the keys, and the cursor's
SHORTEST = 5  # lines of a page, however low the terminal is


class Pages:
    """The pages of a terminal; the one that is being filled begins where the learner last pressed a key."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._used = 0

    def begin(self) -> None:
        """The learner has read everything up to here."""
        self._used = 0

    def cut(self, *things: object) -> Iterator[str]:
        """What `print` would write, in pieces: before each but the first the learner is to be asked to go on."""
        with self._console.capture() as captured:
            self._console.print(*things)
        lines = captured.get().splitlines(keepends=True)
        while True:
            room = max(SHORTEST, self._console.height - PROMPT)
            end = _end(lines, room - self._used, room)
            self._used += end
            yield "".join(lines[:end])
            lines = lines[end:]
            if not lines:
                return
            self.begin()


def _end(lines: list[str], left: int, room: int) -> int:
    """How many of the lines go on this page: up to the end of a paragraph, if one ends in its second half."""
    if len(lines) <= left:
        return len(lines)
    blank = [number for number in range(left, max(left - room // 2, 0), -1) if not lines[number - 1].strip()]
    return blank[0] if blank else max(left, 0)
