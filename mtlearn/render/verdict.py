"""A verdict, check by check, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtlearn.grading.verdict import CheckResult, Scope, Verdict
from mtlearn.interleave.result import all_orders, counted
from mtlearn.render.interleaving import interleaving

_MARKS = {"pass": ("✓", "good"), "fail": ("✗", "bad"), "unchecked": ("?", "open")}
_UNWRITTEN = ("·", "open")


def check(result: CheckResult) -> RenderableType:
    """One check: passed in a line, or failed with what was seen and what may help; no cross for what is not written."""
    mark, style = _UNWRITTEN if result.unwritten else _MARKS[result.status]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(Text(mark, style=style), Text(result.label))
    if result.message:
        grid.add_row("", Text(result.message, style=style))
    if result.help:
        grid.add_row("", Text(result.help, style="dim"))
    if result.status == "pass" and result.scope:
        grid.add_row("", Text(scope(result.scope), style="dim"))
    return Padding(grid, (0, 0, 0, 2))


def scope(reached: Scope) -> str:
    """How far the explorations of a check went, for one that passed."""
    ran = f"{reached.schedules:,} schedules"
    if reached.exhausted and reached.classes is not None:
        return f"{all_orders(reached.classes).capitalize()}."
    if reached.exhausted:
        return f"No order of steps breaks it ({ran})."
    if reached.max_preemptions is None:
        return f"No failure in {ran}; there are more than were run."
    bound = counted(reached.max_preemptions)
    return f"No order of steps with up to {bound} breaks it ({ran}); those with more were not run."


def heading(title: str, runtime: str, file: str) -> RenderableType:
    """What is being graded."""
    return Group(Text.assemble((title, "head"), f" · {runtime}"), Text(file, style="name"), Text())


class Live:
    """Shows results as they come; checks that were not made for one common reason take one line together.

    They go to the console, or to `write`, for `width` columns.
    """

    def __init__(
        self, console: Console, write: Callable[[RenderableType], None] | None = None, width: int | None = None
    ) -> None:
        self._ascii_only = console.options.ascii_only
        self._width = width or console.width
        self._write = write or console.print
        self._waiting: list[CheckResult] = []
        self._drawn = False  # one picture is enough: the first
        self._told = ""  # what the last check said: the same again is not repeated

    def show(self, result: CheckResult) -> None:
        """Show one more result."""
        if self._waiting and (result.status, result.message) != ("unchecked", self._waiting[0].message):
            self.end()
        if result.status == "unchecked":
            self._waiting.append(result)
            return
        again = bool(result.message) and result.message == self._told
        found = None if self._drawn else result.interleaving
        self._drawn = self._drawn or found is not None
        self._write(check(replace(result, message="", help="") if again else result))
        self._told = result.message
        if found:
            told = replace(found, message="")  # it stands above already
            picture = interleaving(told, width=self._width - 6, ascii_only=self._ascii_only)
            self._write(Padding(picture, (1, 0, 1, 4)))

    def end(self) -> None:
        """Show what was held back."""
        waiting, self._waiting = self._waiting, []
        if len(waiting) == 1:
            self._write(check(waiting[0]))
        elif waiting:
            told = Text(f"? {len(waiting)} checks: {waiting[0].message}.", style="open")
            self._write(Padding(told, (0, 0, 0, 2)))
            for help in dict.fromkeys(each.help for each in waiting if each.help):
                self._write(Padding(Text(help, style="dim"), (0, 0, 0, 4)))


def drawn(results: Iterable[CheckResult], console: Console, width: int) -> RenderableType:
    """All results, as Live shows them, as one picture."""
    parts: list[RenderableType] = []
    view = Live(console, parts.append, width)
    for result in results:
        view.show(result)
    view.end()
    return Group(*parts)


def grouped(results: Sequence[CheckResult], console: Console, width: int) -> RenderableType:
    """The same with what is to be mended on top: the checks that fail, those not made, and below them what is right."""
    open_ = [result for status in ("fail", "unchecked") for result in results if result.status == status]
    right = [result for result in results if result.status == "pass"]
    if not open_ or not right:
        return drawn(results, console, width)
    told = Text(f"Right already: {len(right)} of {len(results)}", style="dim")
    return Group(drawn(open_, console, width), Text(), told, drawn(right, console, width))


def summary(verdict: Verdict) -> Text:
    """How it stands, in one line."""
    unwritten = sum(check.unwritten for check in verdict.checks)
    failed = sum(check.status == "fail" for check in verdict.checks) - unwritten
    unchecked = sum(check.status == "unchecked" for check in verdict.checks)
    total = len(verdict.checks)
    if verdict.status == "pass":
        took = "" if verdict.seconds is None else f", in {verdict.seconds:.1f} s"
        return Text(f"Passed: all {total} checks{took}.", style="good")
    if unwritten and not failed:
        return Text(f"Not written yet: {unwritten} of {total} checks wait for it.", style="open")
    if unchecked and not failed:
        return Text(f"Not decided: {unchecked} of {total} checks could not be made.", style="open")
    wrong = f"{failed} of {total} checks {'fails' if failed == 1 else 'fail'}" if failed else ""
    later = f"{unwritten} wait for what is not written yet" if unwritten else ""
    open_ = f"{unchecked} could not be made" if unchecked else ""
    return Text(f"Not right yet: {', '.join(filter(None, (wrong, later, open_)))}.", style="bad" if failed else "open")


def conclusion(verdict: Verdict, file: str, hint: str, last: str, replay: str | None, play: str = "") -> RenderableType:
    """The last lines: how it stands, what to do next, and `last`; `replay` and `play` run the interleaving again."""
    if verdict.status == "pass":
        return Group(Text(), summary(verdict), Text(last))
    if all(check.status == "unchecked" for check in verdict.checks):
        return Group(Text(), summary(verdict), Text(last))
    failed = [check.label for check in verdict.checks if check.status == "fail" and not check.unwritten]
    first = [Text.assemble("The first to mend: ", (failed[0], "head"))] if len(failed) > 1 else []
    again = [Text.assemble("The same order of steps again: ", (replay, "name"))] if replay else []
    again += [Text.assemble("Go through it step by step: ", (play, "name"))] if replay and play else []
    edit = Text.assemble("Edit ", (file, "name"), ", then check again. Stuck? ", (hint, "name"))
    return Group(Text(), summary(verdict), *first, *again, edit, Text(last))
