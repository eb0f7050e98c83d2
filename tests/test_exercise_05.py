"""Exercise 5 checks itself: starters fail, solutions pass, and wrong beliefs are met with the right words."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.content import load
from mtlearn.course.exercise import KnownWrong
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import Replay, Verdict

EXERCISE = load().exercise("exercise-5")
LANGUAGES = ("python", "node")
KNOWN_WRONG = [(name, wrong) for name in LANGUAGES for wrong in EXERCISE.known_wrong(name)]


@pytest.fixture(autouse=True)
def _environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


def verdict(file: Path, language: Language, replay: Replay | None = None) -> Verdict:
    """The verdict on a file."""
    return grade(EXERCISE, file, language.name, language.runtime.executable, replay=replay)


def test_starters(language: Language) -> None:
    """A starter loads and fails, and the first failure says that it is not written yet."""
    given = verdict(EXERCISE.starter(language.name), language)
    assert given.status == "fail"
    assert (given.checks[0].name, given.checks[0].status) == ("loads", "pass")
    failures = [check for check in given.checks if check.status == "fail"]
    assert len(failures) == len(given.checks) - 1
    assert all("not written yet" in check.message for check in failures)


@pytest.mark.parametrize("time", range(1, 11))
def test_solutions(language: Language, time: int) -> None:
    """The reference solution passes every check, ten times in a row."""
    given = verdict(EXERCISE.solution(language.name), language)
    assert [check for check in given.checks if check.status != "pass"] == []
    assert given.status == "pass"


@pytest.mark.parametrize(("language", "wrong"), KNOWN_WRONG, indirect=["language"],
                         ids=[f"{name}-{wrong.file.stem}" for name, wrong in KNOWN_WRONG])  # fmt: skip
def test_known_wrong(language: Language, wrong: KnownWrong) -> None:
    """A known-wrong file fails in the check that it names, with the words that it names; where it says so, the check
    shows the order of steps that breaks it, and that order breaks it again in another process."""
    given = verdict(wrong.file, language)
    [check] = [each for each in given.checks if each.name == wrong.fails]
    assert (check.status, given.status) == ("fail", "fail")
    assert wrong.says in check.message
    if wrong.shows:
        assert check.interleaving is not None
        assert check.interleaving["steps"]
        only = replace(given, checks=(check,))
        again = verdict(wrong.file, language, Replay.from_json(json.loads(json.dumps(only.to_json()))))
        [repeated] = again.checks
        assert (repeated.status, repeated.message) == ("fail", check.message)


@pytest.mark.parametrize("name", LANGUAGES)
def test_there_are_enough(name: str) -> None:
    """There are at least six known-wrong files, each for a belief of its own."""
    wrongs = EXERCISE.known_wrong(name)
    assert len(wrongs) >= 6
    assert len({wrong.belief for wrong in wrongs}) == len(wrongs)
    assert {wrong.shows for wrong in wrongs} <= {None, "an interleaving"}


def test_scope(language: Language) -> None:
    """A solution that passes says how far it was explored: some checks are proven up to two preemptions."""
    given = verdict(EXERCISE.solution(language.name), language)
    scopes = {check.name: check.scope for check in given.checks if check.scope}
    assert {"adds_are_not_lost", "total_is_kept", "never_overdrawn", "opposite_transfers_end"} <= scopes.keys()
    for name in ("total_is_kept", "never_overdrawn", "opposite_transfers_end"):
        scope = scopes[name]
        assert scope is not None
        assert (scope["outcome"], scope["max_preemptions"]) == ("proven", 2)


def test_the_three_hints() -> None:
    """There are three hints, from a nudge to nearly the code."""
    assert len(EXERCISE.hints()) == 3
