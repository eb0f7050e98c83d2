"""What an exploration of one's own program found."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.interleave.result import Result, counted
from mtlearn.render.interleaving import interleaving


def explored(result: Result, file: str, width: int, *, ascii_only: bool) -> RenderableType:
    """The order of steps that breaks it, if there is one, and how far the exploration went."""
    parts: list[RenderableType] = []
    if result.counterexample is not None:
        parts += [interleaving(result.counterexample, width=width, ascii_only=ascii_only), Text("")]
    scope = f"{result.scope[0].upper()}{result.scope[1:]}."
    parts.append(Text(scope, style={"refuted": "bad", "unchecked": "open"}.get(result.outcome, "good")))
    parts += [Text(f"Beside that: {finding}.") for finding in result.findings]
    if result.counterexample is not None:
        parts.append(
            Text(f"To keep it and see it again: mtlearn explore {file} --json > order.json, then --replay.", "dim")
        )
    return Group(*parts)


def under_way(schedules: int, bound: int | None, seconds: float) -> str:
    """One line on how far it is."""
    which = "orders that differ" if bound is None else f"up to {counted(bound)}"
    return f"{schedules:,} schedules, {which}, {seconds:.0f} s "
