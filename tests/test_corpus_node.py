"""Every kind of right and wrong Node program that the explorer must tell apart, on every Node here."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodes import FILES, NODES, Case


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_verdict(path: Path, node: str) -> None:
    """A right program is not refuted, a wrong one is, for its reason, and what cannot be known is said."""
    case = Case(path)
    with case.host(node) as host:
        result = case.explored(host)
    head = case.head
    told = f"{result.outcome}: {result.scope}; {result.counterexample}"
    match path.parent.name:
        case "right":
            assert result.outcome in ("proven", "not refuted"), told
            assert bool(result.findings) == head.get("race", False), result.findings
        case "wrong":
            assert result.outcome == "refuted", told
            assert result.counterexample is not None
            assert result.counterexample.kind == head["kind"], told
        case "unchecked":
            assert result.outcome == "unchecked", told
            assert head["reason"] in (result.reason or ""), told
