"""What is looked up: a lesson on one page, a term with its words in both runtimes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from mtlearn.course.glossary import Entry
from mtlearn.course.summary import Summary
from mtlearn.render.lesson import words
from mtlearn.render.table import Cell, layout

RUNTIMES = ("Python", "Node.js")


def summary(summary: Summary, width: int) -> RenderableType:
    """What to remember, the terms of the lesson side by side, and where to go on."""
    title = Text(f"Lesson {summary.number} · {summary.title}", style="head")
    remember = words("\n".join(f"- {sentence}" for sentence in summary.remember))
    rows = [
        (Cell(term.name, "name"), Cell(_bare(term.python)), Cell(_bare(term.node)))
        for term in summary.terms
        if term.python or term.node
    ]
    table = layout(("term", *RUNTIMES), (False, False, False), rows, width)
    lines: list[RenderableType] = [Rule(title, align="left", style="dim"), remember, Text(), *table.head()]
    lines += [line for row in rows for line in table.row(row)]
    ideas = [term.name for term in summary.terms if not (term.python or term.node)]
    if ideas:
        lines += [Text(), Text.assemble("Also: ", (" · ".join(ideas), "name"))]
    lines += [Text(), Text.assemble("What a term means: ", ("mtlearn glossary TERM", "name"))]
    if summary.scenes:
        lines.append(Text.assemble("To play: ", ("mtlearn play", "name"), f" {', '.join(summary.scenes)}"))
    return Group(*lines, Text.assemble(f"Exercise: {summary.exercise}: ", (f"mtlearn check {summary.number}", "name")))


def terms(entries: Sequence[Entry]) -> RenderableType:
    """What each of these terms means, and its words in both runtimes."""
    blocks: list[RenderableType] = []
    for entry in entries:
        term = entry.term
        grid = Table.grid(padding=(0, 2, 0, 0))
        for runtime, told in zip(RUNTIMES, (term.python, term.node), strict=True):
            if told:
                grid.add_row(Text(runtime, style="head"), words(told))
        grid.add_row(Text("Lesson", style="head"), Text(f"{entry.lesson}: mtlearn lesson {entry.lesson}"))
        blocks += [Text(), Text(term.title, style="name"), words(term.says), Padding(grid, (0, 0, 0, 2))]
    return Group(*blocks[1:])


def glossary(entries: Sequence[Entry]) -> RenderableType:
    """Every term with the sentence for it."""
    lines: list[RenderableType] = []
    for entry in entries:
        lines += [Text(entry.term.title, style="name"), Padding(words(entry.term.says), (0, 0, 0, 2))]
    told = f"{len(entries)} terms. One of them in both runtimes: "
    return Group(*lines, Text(), Text.assemble(told, ("mtlearn glossary TERM", "name")))


def _bare(markdown: str) -> str:
    """Words of a runtime in a table, without the marks of Markdown."""
    return markdown.replace("`", "")
