"""mtlearn dev facts: sentences of the lessons that small programs prove, each on the versions it speaks of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.content import load
from mtlearn.errors import MtlearnError
from mtlearn.lab.runtime import Runtime, this_python
from mtlearn.selfcheck.facts import Fact, fact_points, facts

FACTS = facts(load().root / "lessons")


def test_there_are_many() -> None:
    """There are at least 120 facts, half of them about each language, each told once, some for every lesson."""
    assert len(FACTS) >= 120
    assert min(Counter(fact.kind for fact in FACTS).values()) >= 60
    assert len({fact.says for fact in FACTS}) == len(FACTS)
    assert {fact.lesson for fact in FACTS} == set(load().lesson_numbers())


@pytest.mark.parametrize(
    ("since", "until", "version", "about"),
    [
        (None, None, "3.11.7", True),
        ("3.13", None, "3.12.1", False),
        ("3.13", None, "3.13.0", True),
        ("3.9", None, "3.11.0", True),
        (None, "3.14", "3.13.0", True),
        (None, "3.14", "3.14.0rc1", False),
    ],
)
def test_versions(since: str | None, until: str | None, version: str, about: bool) -> None:
    """A fact is looked at only where it speaks of the version at hand."""
    fact = Fact("It is so.", "python", 1, "", "", since, until)
    assert fact.about(Runtime("python", Path("python"), version)) is about
    assert not fact.about(Runtime("node", Path("node"), "24.1.0"))


@pytest.mark.parametrize("says", ["A Lock is not reentrant.", "Atomics takes no floats.", "A symbol cannot be cloned."])
def test_a_true_one(says: str, language: Language) -> None:
    """A fact that holds is a point that holds."""
    [fact] = [fact for fact in FACTS if fact.says == says]
    points = list(fact_points([fact], [language.runtime]))
    assert [(point.holds, point.detail) for point in points] == [(True, "")] * (fact.kind == language.name)


@pytest.mark.parametrize(
    ("code", "told"),
    [("print(1)", "printed '1', not '2'"), ("raise ValueError('no')", "printed 'ValueError: no', not '2'")],
)
def test_a_false_one(code: str, told: str) -> None:
    """A fact that does not hold is reported with what was printed, or with the error."""
    [point] = fact_points([Fact("Two.", "python", 3, code, "2")], [this_python()])
    assert (point.part, point.holds) == ("lesson-3", False)
    assert told in point.detail


def test_damaged(tmp_path: Path) -> None:
    """A facts.toml without a program is refused, with the place."""
    (tmp_path / "facts.toml").write_text('[[fact]]\nsays = "x"\nkind = "node"\nlesson = 1\nprints = ""\n')
    with pytest.raises(MtlearnError) as raised:
        facts(tmp_path)
    assert "code" in raised.value.cause
