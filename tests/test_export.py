"""`mtlearn export`: what a learner did, and the orders of steps that were found, as one page."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Mtlearn
from test_class_results import FAIL, PASS

from mtlearn.course.content import load
from mtlearn.grading.verdict import Verdict
from mtlearn.learner.progress import ProgressFile
from mtlearn.learner.replays import keep, kept

pytest.importorskip("jinja2")


def test_the_page(mtlearn: Mtlearn, home: Path, here: Path) -> None:
    """The page has each task with how far the learner came, and the verdicts that showed an order of steps."""
    exercise = load().exercise("5")
    ProgressFile(home, lambda told: None).change(lambda known: known.exercise(exercise.name).note("node", "pass"))
    keep(Verdict("exercise-5", "python", here / "exercise.py", (PASS, FAIL), 1.0), home, lambda told: None)
    (home / "exercise-6.node.interleaving.json").write_text("damaged")
    ended = mtlearn("export")
    assert (ended.code, ended.stdout) == (0, "Your page: mtlearn.html\n")
    page = (here / "mtlearn.html").read_text(encoding="utf-8")
    assert "passed in JavaScript" in page
    assert "Thread B" in page
    assert "1 of 11 exercises" in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


def test_what_is_kept(home: Path) -> None:
    """A kept verdict that is damaged is passed over."""
    for number in (10, 5):
        keep(Verdict(f"exercise-{number}", "python", home / "x.py", (FAIL,), 1.0), home, lambda told: None)
    (home / "exercise-6.node.interleaving.json").write_text("{}")
    assert [each.exercise for each in kept(home)] == ["exercise-5", "exercise-10"]


def test_nowhere_to_write(mtlearn: Mtlearn) -> None:
    """A place that cannot be written is told with a fix."""
    ended = mtlearn("export", "/proc/page.html")
    assert ended.code == 3
    assert "/proc/page.html cannot be written." in ended.stderr
