"""Every kind of right and wrong Node program that the explorer must tell apart, on every Node here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nodes import FILES, NODES, Case

from mtlearn.lab.runtime import find


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_verdict(path: Path, node: str, record_property: Callable[[str, object], None]) -> None:
    """A right program is not refuted, a wrong one is, for its reason, and what cannot be known is said."""
    mistake = wrong(path, node)
    record_property("corpus", [find(node).label, path.parent.name, mistake])
    assert mistake is None


def wrong(path: Path, node: str) -> str | None:
    """Say what is wrong with the verdict on a program, None if it is right."""
    case = Case(path)
    with case.host(node) as host:
        result = case.explored(host)
    match path.parent.name:
        case "right":
            races = bool(result.findings) == case.head.get("race", False)
            good = result.outcome in ("proven", "not refuted") and races
        case "wrong":
            kind = result.counterexample.kind if result.counterexample else None
            good = (result.outcome, kind) == ("refuted", case.head["kind"])
        case _:
            good = result.outcome == "unchecked" and case.head["reason"] in (result.reason or "")
    told = f"{path.name}: {result.outcome}: {result.scope}; {result.findings}; {result.counterexample}"
    return None if good else told
