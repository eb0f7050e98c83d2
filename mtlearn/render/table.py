"""A table in so many columns of the screen, whose cells are broken between words only; where it cannot be, blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

GAP = 2  # columns between two columns of the table


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table, and how it looks."""

    text: str
    style: str = ""


Cells = Sequence[Cell]


@dataclass(frozen=True)
class Layout:
    """The columns of a table: their titles, which of them hold figures, and how wide they are.

    `widths` None means that it does not fit: its rows become blocks.
    """

    titles: tuple[str, ...]
    figures: tuple[bool, ...]
    widths: tuple[int, ...] | None
    width: int

    def head(self) -> list[Text]:
        """The titles and a line under them; nothing above blocks, which name each value."""
        if self.widths is None:
            return []
        rule = Text("─" * min(sum(self.widths) + GAP * (len(self.widths) - 1), self.width), style="dim")
        return [*self._lines([Cell(title, "head") for title in self.titles]), rule]

    def row(self, cells: Cells) -> list[Text]:
        """The lines of one row."""
        return self._block(cells) if self.widths is None else self._lines(cells)

    def _lines(self, cells: Cells) -> list[Text]:
        assert self.widths is not None
        columns = [wrapped(cell.text, width) for cell, width in zip(cells, self.widths, strict=True)]
        lines = []
        for number in range(max(map(len, columns), default=0)):
            line = Text()
            for column, cell, width, figure in zip(columns, cells, self.widths, self.figures, strict=True):
                part = column[number] if number < len(column) else ""
                room = " " * (width - cell_len(part))
                line.append(f"{room}{part}" if figure else f"{part}{room}", cell.style or None)
                line.append(" " * GAP)
            line.rstrip()
            lines.append(_whole(line))
        return lines

    def _block(self, cells: Cells) -> list[Text]:
        """The first cell on its own line, below it "title value" for each other, as many as fit on a line."""
        first, *others = cells
        lines = [Text(f" {part}", style=first.style or "head") for part in wrapped(first.text, self.width - 1)]
        line = Text("  ")
        for title, cell in zip(self.titles[1:], others, strict=True):
            if not cell.text:
                continue
            if len(line) > 2:
                if len(line) + 3 + cell_len(title) + 1 + cell_len(cell.text) <= self.width:
                    line.append(" · ", "dim")
                else:
                    lines.append(line)
                    line = Text("  ")
            parts = wrapped(f"{title}: {cell.text}" if title else cell.text, self.width - 2)
            for part in parts[:-1]:
                lines.append(Text(f"  {part}", style=cell.style))
            line.append(parts[-1], cell.style or None)
        return [*lines, line] if len(line) > 2 else lines


def layout(titles: Sequence[str], figures: Sequence[bool], rows: Sequence[Cells], width: int) -> Layout:
    """How these rows are laid out in `width` columns. A figure is never broken, a string only between its words."""
    texts = [[title, *(row[number].text for row in rows)] for number, title in enumerate(titles)]
    widths = [max(map(cell_len, column)) for column in texts]
    least = [
        max(_longest_word(column[0]), *(cell_len(text) if figure else _longest_word(text) for text in column))
        for column, figure in zip(texts, figures, strict=True)
    ]
    room = width - GAP * (len(titles) - 1)
    while sum(widths) > room:
        slack = [width - bound for width, bound in zip(widths, least, strict=True)]
        if not any(slack):
            return Layout(tuple(titles), tuple(figures), None, width)
        # titles give way first, then the widest text
        widest = max((w if s else 0, s, number) for number, (w, s) in enumerate(zip(widths, slack, strict=True)))[2]
        widths[widest] -= 1
    return Layout(tuple(titles), tuple(figures), tuple(widths), width)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many columns, broken between words; only a word that is longer by itself is broken."""
    lines = [""]
    for word in text.split():
        while cell_len(word) > width:
            if lines[-1]:
                lines.append("")
            lines[-1], word = word[:width], word[width:]
            lines.append("")
        if cell_len(lines[-1]) + bool(lines[-1]) + cell_len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _whole(line: Text) -> Text:
    line.no_wrap, line.overflow = True, "crop"
    return line
