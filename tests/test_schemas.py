"""docs/schemas: what mtlearn writes as JSON has the shape that is written down there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Mtlearn

from mtlearn.selfcheck.schemas import DOCUMENTS, schemas

FOLDER = ROOT / "docs" / "schemas"
RACY = """
class SharedCounter:
    def __init__(self): self.value = 0
    def add(self, n=1): self.value += n
def transfer(accounts, source, target, amount): raise NotImplementedError
"""


def valid(name: str, told: Any) -> None:
    """Fail where this is not what the schema says."""
    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_they_are_current(name: str) -> None:
    """The schemas in the repository are those of the types; `mtlearn dev schemas` writes them."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert text == schemas()[name]
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_no_schema_too_many() -> None:
    """There is no file for what is not written any more."""
    assert {file.stem for file in FOLDER.iterdir()} == set(DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("list", ("list",)), ("progress", ("progress",)), ("demo", ("demo", "hello", "--runtime", "python"))],
)
def test_output_fits(mtlearn: Mtlearn, name: str, arguments: tuple[str, ...]) -> None:
    """What a command writes with --json is what its schema says."""
    valid(name, json.loads(mtlearn(*arguments, "--json").stdout))


def test_a_verdict_fits(mtlearn: Mtlearn, tmp_path: Path) -> None:
    """A verdict with an interleaving in it is what the schema says."""
    file = tmp_path / "racy.py"
    file.write_text(RACY, encoding="utf-8")
    told = json.loads(mtlearn("check", "exercise-5", "--file", file, "--json").stdout)
    assert any(check["interleaving"] for check in told["checks"])
    assert any(check["scope"] for check in told["checks"])
    valid("check", told)


def test_what_does_not_fit() -> None:
    """A verdict of an unknown status is no verdict."""
    with pytest.raises(jsonschema.ValidationError):
        valid("check", {"version": 1, "status": "perhaps"})
