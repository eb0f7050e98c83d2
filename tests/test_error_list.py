"""mtlearn dev errors: every message there is, read at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT, Mtlearn

from mtlearn.selfcheck.errors import Told, errors

ERRORS = [told for told in errors() if told.cause]
FILLED_IN = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


def test_none_is_missing() -> None:
    """Every place of the program that makes an error is in the list."""
    makers = re.compile(r"(?:raise|return|=) (?:MtlearnError|RuntimeMissing)\(")
    for file in (ROOT / "mtlearn").rglob("*.py"):
        listed = sum(told.where.startswith(f"{file.relative_to(ROOT / 'mtlearn').as_posix()}:") for told in ERRORS)
        assert listed >= len(makers.findall(file.read_text(encoding="utf-8"))), file


@pytest.mark.parametrize("told", ERRORS, ids=lambda told: told.where)
def test_each_says_what_happened_why_and_what_to_do(told: Told) -> None:
    """A message and a cause are sentences; a fix is a command, or tells what to do in the imperative."""
    for sentence in (told.message, told.cause):
        assert all(re.search(r"[.?}]$", part) for part in sentence.split(" | ")), sentence
    assert told.cause != told.message
    for fix in told.fix.split(" | "):
        assert re.match(r"mtlearn |pip |`|\{|[A-Z]|give ", fix), fix
        assert not re.match(r"(It|The|This|There|Its|That|You) ", fix), fix
    assert not re.match(r"(Give|Choose|Use|Install|Leave|Name|Rename) ", FILLED_IN.sub("", told.cause)), told.cause


def test_what_is_filled_in(tmp_path: Path) -> None:
    """What is only known at run time stands as the expression that gives it; of two texts both are listed."""
    (tmp_path / "a.py").write_text(
        'raise MtlearnError(f"{file} is gone.", "It was moved." if moved else "It was deleted.", fix, code)\n'
        'notice(f"{file} was kept.")\n'
    )
    assert errors(tmp_path) == [
        Told("a.py:1", "{file} is gone.", "It was moved. | It was deleted.", "{fix}"),
        Told("a.py:2", "{file} was kept."),
    ]


def test_the_command(mtlearn: Mtlearn) -> None:
    """`mtlearn dev errors` prints them all, as text or as JSON."""
    ended = mtlearn("dev", "errors")
    assert (ended.code, ended.stdout.count("    cause: ")) == (0, len(ERRORS))
    told = json.loads(mtlearn("dev", "errors", "--json").stdout)
    assert (told["version"], len(told["errors"])) == (1, len(errors()))
