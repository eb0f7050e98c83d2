"""A position in a game: the threads side by side, what they share, what has happened, and what can be done."""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Collection, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mtlearn.course.scene import Scene
from mtlearn.interleave.stepper import Position, Standing
from mtlearn.interleave.tally import Tally
from mtlearn.interleave.trace import Step, Waiting
from mtlearn.render.interleaving import (
    Marks,
    add_steps,
    colour,
    column_width,
    columns,
    fit,
    listed,
    sentences,
    side_by_side,
    told,
)

HELP = """\
You are the scheduler: nothing happens until you choose whose turn it is.

a b c or 1 2 3   that thread takes its next step
Space            goes through the order that a check has found, where one has
u                take the last step back
r                start again
h                a hint
s                the shortest way from here that goes wrong (u takes it back)
up, down         scroll through what has happened
q                quit

Each thread shows the lines around the one where it stands, marked with >, and
below them what it would do next, or what it waits for. A step is one thing that
others can notice: a read, a write, a lock taken or given back, a call that waits.
Tasks of asyncio have letters like threads, and so has what a thread of Node.js
puts off: promises and timers. You choose which of them goes on after an await.
"""


def keys(found: bool) -> str:
    """Which keys do what; `found` says that there is an order to go through."""
    through = "Space the order found · " if found else ""
    return f"a b c step · {through}u undo · r restart · h hint · s shortest way · ? keys · q quit"


def scenes(known: Sequence[Scene], won: Collection[str], exercises: Sequence[str]) -> RenderableType:
    """What can be played, and what was won."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for scene in known:
        only = "" if len(scene.runtimes) > 1 else f" ({'Python' if 'python' in scene.runtimes else 'Node.js'} only)"
        mark = Text("✓", style="good") if scene.name in won else Text("·", style="dim")
        grid.add_row(mark, Text(scene.name, style="name"), Text(f"{scene.about}{only}"))
    first = known[0].name
    return Group(
        Text("You are the scheduler: choose which thread takes its next step, and bring about the bug."),
        Text(),
        grid,
        Text(),
        Text(f"Your own file, from the order of steps that breaks it: {', '.join(exercises)}"),
        Text(f"Go on: mtlearn play {first}, or mtlearn play {first} --runtime node"),
    )


def head(name: str, runtime: str, goal: str) -> Text:
    """What is played, and what for."""
    return Text.assemble((name, "head"), f" · {runtime}\n", goal)


def threads(position: Position, width: int, marks: Marks, lines: int = 5) -> RenderableType:
    """Every thread with the code around its next line, what it would do there, or why it cannot."""
    standings, names = position.threads, position.names
    if not side_by_side(len(standings), width):
        return Group(*(_in_short(standing, names, marks) for standing in standings))
    table = columns(_headings(standings), width, marks)
    column = column_width(len(standings), width)
    table.add_row(*(_code(standing, position, column, lines, marks) for standing in standings))
    if any(standing.local for standing in standings):
        table.add_row(*(_local(standing, column, marks) for standing in standings))
    table.add_row(*(_next(standing, names, column, marks) for standing in standings))
    return table


def shared(position: Position, marks: Marks) -> Text:
    """What the shared memory holds."""
    if not position.state:
        return Text("Nothing is shared.", style="dim")
    held = "   ".join(f"{location}: {value}" for location, value in position.state)
    return Text.assemble(("Shared  ", "dim"), marks.plain(held))


def trace(position: Position, width: int, marks: Marks) -> RenderableType:
    """What has happened, in columns below the threads' own."""
    if not position.steps:
        return Text("Nothing has happened yet.", style="dim")
    named = {standing.thread: standing.name for standing in position.threads}
    if not side_by_side(len(named), width):
        return listed(position.steps, named, marks)
    table = columns(named, width, marks)
    table.show_header = False
    add_steps(table, position.steps, named, marks)
    return table


def said(position: Position, marks: Marks, tally: Tally | None = None) -> Text:
    """How it has ended, and in how many orders it goes wrong, or who can go on."""
    if position.ended and tally:
        return said(position, marks).append(f" {orders(tally)}", style="none")
    moves = f"{len(position.moves)} {'move' if len(position.moves) == 1 else 'moves'}"
    if position.bug:
        told = " ".join(text if text.endswith(".") else f"{text}." for text in sentences(position.bug))
        return Text(marks.plain(f"That is the bug, in {moves}. {told}"), style="bad")
    if position.ended:
        return Text(f"All have ended after {moves}, and nothing went wrong: that order was harmless.", style="good")
    able = ", ".join(standing.letter for standing in position.threads if standing.can_go)
    return Text(f"Who goes next? {able}")


def orders(tally: Tally) -> str:
    """In how many orders it goes wrong."""
    one = tally.orders == 1
    there = f"There is {tally.orders:,} order" if one else f"There are {tally.orders:,} orders"
    wrong = "none goes wrong" if not tally.wrong else f"{tally.wrong:,} {'goes' if tally.wrong == 1 else 'go'} wrong"
    if tally.bound is None:
        return f"{there} of these steps; {wrong}."
    times = "interruption" if tally.bound == 1 else "interruptions"
    return f"{there} of these steps with at most {tally.bound} {times}; {wrong}."


def with_word(said: Text, word: str) -> Text:
    """The same below a word on how it came to this."""
    return Text.assemble(f"{word}\n", said) if word else said


def go_on(command: str, position: Position) -> Text:
    """How to play on where there are no keys."""
    able = [standing.letter for standing in position.threads if standing.can_go]
    if able:
        return Text(f"Go on: {command} --moves {position.told}{able[0]}\nThe shortest way from here: add --shortest")
    return Text(f"Play it again: {command}")


def left(command: str, moves: str) -> Text:
    """What to say when a game was left."""
    return Text(f"To go on there: {command} --moves {moves}")


def won(moves: int, fewest: int) -> Text:
    """That the learner has brought the bug about."""
    best = "fewer cannot do it" if moves <= fewest else f"{fewest} are enough"
    return Text(f"Won in {moves} moves: {best}.", style="good")


def whole(position: Position, width: int, marks: Marks, tally: Tally | None = None) -> RenderableType:
    """All of it, one below the other."""
    return Group(
        threads(position, width, marks),
        Text(),
        shared(position, marks),
        Text(),
        trace(position, width, marks),
        Text(),
        said(position, marks, tally),
    )


def _headings(standings: Sequence[Standing]) -> dict[int, str]:
    return {standing.thread: f"{standing.name}: {_state(standing)}" for standing in standings}


def _state(standing: Standing) -> str:
    if standing.can_go:
        return "can go on"
    return "waits" if standing.waits or standing.next else "has ended"


def _at(standing: Standing, position: Position) -> Step | Waiting | None:
    """Where a thread stands, or stood last."""
    own = [step for step in position.steps if step.thread == standing.thread]
    return standing.next or standing.waits or (own[-1] if own else None)


def _code(standing: Standing, position: Position, width: int, count: int, marks: Marks) -> Text:
    at = _at(standing, position)
    if at is None or not at.file:
        return Text("\n" * (count - 1))
    first = max(1, at.line - count // 2)
    numbers = range(first, first + count)
    source = [linecache.getline(at.file, number).rstrip() for number in numbers]
    code = Text()
    for number, line in zip(numbers, textwrap.dedent("\n".join(source)).split("\n"), strict=False):
        here = number == at.line and (standing.next or standing.waits)
        text = marks.plain(fit(line, width - 6, marks))
        code.append(f"{'>' if here else ' '}{number:>3}  {text}\n", style="bold" if here else "dim")
    code.rstrip()
    return code


def _local(standing: Standing, width: int, marks: Marks) -> Text:
    """A thread's own variables, in one line."""
    held = "  ".join(f"{name} = {value}" for name, value in standing.local)
    return Text(fit(marks.plain(held), width, marks), style="dim")


def _next(standing: Standing, names: Sequence[str], width: int, marks: Marks) -> Text:
    lines = textwrap.wrap(marks.plain(_doing(standing, names, marks)), width) or [""]
    return Text("\n".join(lines), style=colour(standing.thread))


def _doing(standing: Standing, names: Sequence[str], marks: Marks) -> str:
    if standing.waits and not standing.can_go:
        return standing.waits.told(names)
    if standing.next is None:
        return "has ended"
    if standing.next.operation in ("read", "load") and standing.next.value is not None:
        return f"next: {standing.next.operation} {standing.next.location} (now {standing.next.value})"
    return f"next: {told(standing.next, 1, marks)}"


def _in_short(standing: Standing, names: Sequence[str], marks: Marks) -> Text:
    at = standing.next or standing.waits
    where = f"\n  line {at.line}: {at.source}" if at else ""
    where += "".join(f"\n  {name} = {value}" for name, value in standing.local)
    doing = _doing(standing, names, marks)
    return Text.assemble((standing.name, f"bold {colour(standing.thread)}"), marks.plain(f" {doing}{where}"))
