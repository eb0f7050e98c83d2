"""README.md: what it links to is there, what it names exists, and its picture can be drawn."""

from __future__ import annotations

import re
import runpy
import xml.etree.ElementTree as ET

import pytest
from conftest import ROOT
from rich.text import Text

from mtlearn.cli.commands import COMMANDS, GROUPS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs" / "picture.py"
KILOBYTES = 300


def test_links() -> None:
    """Every file that the README links to is there."""
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert "docs/first-minute.svg" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_commands() -> None:
    """Every command that its table names exists."""
    named = set(re.findall(r"^\| `mtlearn ([a-z]+)", README, re.MULTILINE))
    assert len(named) > 10
    assert named <= COMMANDS.keys() | GROUPS.keys()


def test_the_picture_as_it_is() -> None:
    """The picture is well-formed, small, has a title for those who do not see it, and no script in it."""
    file = ROOT / "docs" / "first-minute.svg"
    text = file.read_text(encoding="utf-8")
    assert file.stat().st_size < KILOBYTES * 1000
    root = ET.fromstring(text)
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert "<script" not in text
    assert "mtlearn demo race" in text
    assert "Thread B" in text


@pytest.mark.parametrize("said", ["x < y & z", "  two  columns   here", "→ 1 ✗"])
def test_a_line_of_it(said: str) -> None:
    """Each piece of a line stands in its column, whatever characters it has; the last scene stands without motion."""
    made = runpy.run_path(str(PICTURE))
    scenes = [made["Scene"](((0.0, Text("$ one")),)), made["Scene"](((0.0, Text("$ two")), (1.0, Text(said))))]
    root = ET.fromstring(made["drawn"](scenes))
    pieces = root.findall(".//{http://www.w3.org/2000/svg}text")
    last = [piece for piece in pieces if piece.text and piece.text.strip() in said]
    assert [said.index(str(piece.text).strip()) * made["CELL"] + made["MARGIN"] for piece in last] == [
        pytest.approx(float(piece.attrib["x"]), abs=0.1) for piece in last
    ]
    assert "".join(str(piece.text) for piece in last).replace(" ", "") == said.replace(" ", "")
    style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert re.search(r"#s0l0\{[^}]*opacity:0\}", style)
    assert not re.search(r"#s1l0\{[^}]*opacity:0\}", style)
