"""A class on the terminal: what was found, how far the grading is, and how it came out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.classroom.alike import Pair
from mtlearn.classroom.grading import Progress
from mtlearn.classroom.results import ClassDocument, Result
from mtlearn.classroom.submission import Roll, Unplaced
from mtlearn.render.screen import Screen
from mtlearn.render.table import Cell, layout

LANGUAGES = {"python": "Python", "node": "JavaScript"}
MOST_ROWS = 400  # of a table: whoever has more files reads the page, or the CSV
PIPED_S = 10.0  # how often a line tells how far it is, where nothing can move
_STYLES = {"pass": "good", "fail": "bad", "error": "open", "not graded": "open"}


def counted(number: int, what: str) -> str:
    """ "1 file", "12 files"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def roll(found: Roll, width: int) -> RenderableType:
    """What is to be graded, and what is not."""
    rows = [
        [
            Cell(each.student, "head"),
            Cell(each.exercise),
            Cell(LANGUAGES[each.runtime]),
            Cell(f"{each.shown} ({each.note})" if each.note else each.shown, "dim"),
        ]
        for each in found.submissions
    ]
    parts: list[RenderableType] = []
    if rows:
        table = layout(["student", "exercise", "language", "file"], [False] * 4, rows, width)
        parts += [*table.head(), *(line for row in rows for line in table.row(row)), Text()]
    parts += unplaced(found.unplaced)
    exercises = {each.exercise for each in found.submissions}
    told = f"{counted(len(rows), 'file')} of {counted(len(found.students), 'student')} for"
    parts.append(Text(f"{told} {counted(len(exercises), 'exercise')} can be graded."))
    return Group(*parts)


def unplaced(found: Iterable[Unplaced]) -> list[RenderableType]:
    """What is not graded, and why; first what may be somebody's work."""
    parts: list[RenderableType] = []
    for lost, title in ((True, "Not placed"), (False, "Left out")):
        here = [each for each in found if each.lost is lost]
        if here:
            parts.append(Text(title, style="head"))
            style = "open" if lost else "dim"
            parts += [Text.assemble("  ", (each.shown, "name"), (f": {each.why}", style)) for each in here]
            parts.append(Text())
    return parts


def results(document: ClassDocument, width: int) -> RenderableType:
    """A line for each file: whose it is, its points, and what it seems to believe. Below it, the class as a whole."""
    parts: list[RenderableType] = []
    shown = document.results[:MOST_ROWS]
    rows = [_row(each) for each in shown]
    if rows:
        table = layout(["student", "exercise", "points", "what it points to"], [False] * 4, rows, width)
        parts += [*table.head(), *(line for row in rows for line in table.row(row))]
        if more := len(document.results) - len(shown):
            parts.append(
                Text(f"… and {counted(more, 'file')} more: --write class.html shows all of them.", style="dim")
            )
        parts.append(Text())
    parts += beliefs(document, width)
    parts += unplaced([each for each in document.unplaced if each.lost])
    return Group(*parts, summary(document))


def _row(each: Result) -> list[Cell]:
    name = each.exercise if each.runtime == "python" else f"{each.exercise} (JavaScript)"
    points = f"{each.points} of {each.of}" if each.verdict else "—"
    return [Cell(each.student, "head"), Cell(name), Cell(points, _STYLES[each.status]), Cell(_pointed_to(each), "dim")]


def _pointed_to(each: Result) -> str:
    """What a failure points to, in a few words."""
    told = each.problem
    if each.mistake:
        told = each.mistake.says
    elif each.verdict and each.status != "pass":
        told = next((check.message for check in each.verdict.checks if check.status != "pass"), "")
        told = told if len(told) < 100 else f"{told[:99]}…"
    return "; ".join(filter(None, (told, each.note)))


def beliefs(document: ClassDocument, width: int) -> list[RenderableType]:
    """What several seem to believe, the commonest first."""
    several = [each for each in document.beliefs if len(each.students) > 1]
    if not several:
        return []
    parts: list[RenderableType] = [Text("What several files point to", style="head")]
    for each in several:
        share = f"  {len(each.students)} of {each.among}: "
        parts.append(Text.assemble((share, "name"), each.says, (f" ({', '.join(each.exercises)})", "dim")))
    return [*parts, Text()]


def pairs(found: Sequence[Pair], width: int) -> RenderableType:
    """The pairs that are alike, the most alike first."""
    if not found:
        return Text("No two files are so much alike.")
    rows = [
        [
            Cell(f"{100 * each.share:.0f} %", "head"),
            Cell(each.exercise if each.runtime == "python" else f"{each.exercise} (JavaScript)"),
            Cell(each.first.student, "name"),
            Cell(each.second.student, "name"),
            Cell(f"{each.first.alike}, {each.second.alike}", "dim"),
        ]
        for each in found[:MOST_ROWS]
    ]
    titles = ["alike", "exercise", "file of", "file of", "lines alike"]
    table = layout(titles, [True, False, False, False, False], rows, width)
    note = "Alike files may have many reasons; --write page.html shows their lines side by side."
    return Group(*table.head(), *(line for row in rows for line in table.row(row)), Text(), Text(note, style="dim"))


def summary(document: ClassDocument) -> Text:
    """How many passed, and what could not be graded."""
    passed = sum(each.status == "pass" for each in document.results)
    told = f"{counted(len(document.results), 'file')} of {counted(len(document.students), 'student')}: {passed} passed"
    style = "good"
    if document.ungraded:
        told += f", {document.ungraded} could not be graded or placed"
        style = "open"
    return Text(f"{told}.", style=style)


@contextmanager
def watched(screen: Screen, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[Progress], None]]:
    """What shows how far it is: a line that moves, or now and then a new one."""
    started = told = clock()
    with screen.working("Looking for what is graded already") as working:

        def look(progress: Progress) -> None:
            nonlocal told
            line = _line(progress, clock() - started, clock())
            working.now(line)
            over = progress.done + progress.known == progress.all
            if not screen.animated and (clock() - told > PIPED_S or (over and progress.done)):
                told = clock()
                screen.console.print(line)

        yield look


@contextmanager
def unwatched() -> Iterator[Callable[[Progress], None]]:
    """The same where nothing is shown."""
    yield lambda progress: None


def _line(progress: Progress, seconds: float, now: float) -> str:
    """Done, running and left, the seconds that are left, and what runs longest."""
    told = f"{progress.done} graded, {len(progress.running)} running, {progress.left} left"
    if progress.known:
        told += f", {progress.known} known"
    unfinished = progress.left + len(progress.running)
    if progress.done and unfinished:
        told += f"; about {seconds / progress.done * unfinished:.0f} s"
    if progress.running:
        name, since = min(progress.running.items(), key=lambda item: item[1])
        told += f"; slowest: {name}, {now - since:.0f} s"
    return told
