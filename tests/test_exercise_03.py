"""Exercise 3 checks itself: starters fail, solutions pass, and wrong beliefs are met with the right words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.content import load
from mtlearn.course.exercise import KnownWrong
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import Verdict

EXERCISE = load().exercise("exercise-3")
LANGUAGES = ("python", "node")
KNOWN_WRONG = [(name, wrong) for name in LANGUAGES for wrong in EXERCISE.known_wrong(name)]


@pytest.fixture(autouse=True)
def _environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


def verdict(file: Path, language: Language) -> Verdict:
    """The verdict on a file."""
    return grade(EXERCISE, file, language.name, language.runtime.executable)


def test_starters(language: Language) -> None:
    """A starter loads and fails, and every failure says that it is not written yet."""
    given = verdict(EXERCISE.starter(language.name), language)
    assert given.status == "fail"
    assert (given.checks[0].name, given.checks[0].status) == ("loads", "pass")
    assert all("not written yet" in check.message for check in given.checks[1:])


@pytest.mark.parametrize("time", range(1, 11))
def test_solutions(language: Language, time: int) -> None:
    """The reference solution passes every check, ten times in a row."""
    given = verdict(EXERCISE.solution(language.name), language)
    assert [check for check in given.checks if check.status != "pass"] == []
    assert given.status == "pass"


@pytest.mark.parametrize(("language", "wrong"), KNOWN_WRONG, indirect=["language"],
                         ids=[f"{name}-{wrong.file.stem}" for name, wrong in KNOWN_WRONG])  # fmt: skip
def test_known_wrong(language: Language, wrong: KnownWrong) -> None:
    """A known-wrong file fails in the check that it names, with the words that it names."""
    given = verdict(wrong.file, language)
    [check] = [each for each in given.checks if each.name == wrong.fails]
    assert (check.status, given.status) == ("fail", "fail")
    assert wrong.says in check.message


@pytest.mark.parametrize("name", LANGUAGES)
def test_there_are_enough(name: str) -> None:
    """There are at least six known-wrong files, each for a belief of its own."""
    wrongs = EXERCISE.known_wrong(name)
    assert len({wrong.belief for wrong in wrongs}) == len(wrongs) >= 6


def test_the_three_hints() -> None:
    """There are three hints, from a nudge to nearly the code."""
    assert len(EXERCISE.hints()) == 3
