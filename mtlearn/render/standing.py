"""What bare `mtlearn` shows: what this is, to who is new; to anybody else, how far they have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from mtlearn.learner.reviews import Today
from mtlearn.learner.standing import Item, Standing, Studied

BAR = 8  # cells of a lesson's bar


def welcome(stands: Standing) -> RenderableType:
    """What this is, in five lines."""
    (_, lessons), (_, exercises) = stands.count("lesson"), stands.count("exercise")
    return Text.assemble(
        ("mtlearn", "name"),
        (" · learn multithreading by seeing it happen\n", "head"),
        "You say what a program with threads will do. mtlearn runs it on this machine,\n"
        "in Python and Node.js, and shows what really happened. Then you write the fix,\n"
        "and mtlearn tries the orders of steps that could break it.\n",
        (f"{lessons} lessons, {exercises} exercises; `mtlearn list` shows them, `mtlearn --help` the rest.\n", "dim"),
    )


def standing(stands: Standing, height: int | None, due: Today) -> RenderableType:
    """A bar for each lesson, its exercise under it; then what is to be reviewed, if anything is.

    Of several exercises it is the first that is not passed.
    Where a terminal has too few lines for that (`height`), only the exercise of the lesson to go on with is shown.
    """
    exercises = {item.lesson: item for item in stands.items[::-1] if item.kind == "exercise" and not item.done}
    exercises = {item.lesson: item for item in stands.items if item.kind == "exercise"} | exercises
    review = [] if not due.cards else [to_review(due)]
    low = height is not None and height < 2 * len(stands.studied) + 4 + len(review)
    at = stands.next_item.lesson if stands.next_item else None
    lines = [] if low else [_head(stands)]
    for task in stands.studied:
        lines.append(_lesson(task))
        exercise = exercises.get(task.task)
        if exercise and (not low or task.task == at):
            lines.append(_exercise(exercise))
    return _OneLineEach(lines + review)


def to_review(due: Today) -> Text:
    """How much is to be reviewed today, and the command for it."""
    told = f"To review: {len(due.cards)}, about {max(round(due.seconds / 60), 1)} min: "
    return Text.assemble(told, ("mtlearn review", "name"))


@dataclass(frozen=True)
class _OneLineEach:
    """Lines that are cut at the edge, not wrapped, so that their number is known."""

    lines: Sequence[Text]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        options = options.update(no_wrap=True, overflow="crop" if options.ascii_only else "ellipsis")
        for line in self.lines:
            yield from console.render(line, options)


def go_on(stands: Standing, keys: int | None) -> Text:
    """The one thing to go on with; where a key does it, so it says, in `keys` columns."""
    begin = "Go on" if any(task.reached for task in stands.studied) else "Begin"
    told = Text.assemble(f"{begin}: ", (stands.next_command, "name"))
    if keys is not None:
        long = "   Enter does that · q leaves"
        told.append(long if len(told) + len(long) < keys else " (Enter)", "dim")
    return told


def _head(stands: Standing) -> Text:
    counts = [f"{done} of {all_} {kind}s" for kind in ("lesson", "exercise") for done, all_ in [stands.count(kind)]]
    return Text.assemble(("mtlearn", "name"), f" · done: {', '.join(counts)}")


def _lesson(task: Studied) -> Text:
    style = "good" if task.reached == 1 else "open"
    return Text.assemble(f"{task.task:>2} ", (bar(task.reached), style), " ", (task.title, "head"))


def bar(share: float) -> str:
    """A share, from 0 to 1, as a bar: nothing looks finished that is not, and what was begun shows."""
    halves = 2 * BAR if share == 1 else min(round(share * 2 * BAR), 2 * BAR - 1)
    full, half = divmod(max(halves, 1) if share else 0, 2)
    return ("█" * full + "▌" * half).ljust(BAR, "·")


def _exercise(item: Item) -> Text:
    mark = ("✓ ", "good") if item.done else ("· ", "dim")
    return Text.assemble(" " * (BAR + 4), mark, item.title, (f" ({item.state})", "dim"))
