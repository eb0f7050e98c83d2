"""mtlearn.course.summary and glossary, `mtlearn summary` and `mtlearn glossary`: what a learner looks up."""

from __future__ import annotations

import pytest
from conftest import Mtlearn
from summaries import FOLDER, pages

from mtlearn.course.content import load
from mtlearn.course.glossary import glossary, named
from mtlearn.course.summary import summary
from mtlearn.errors import MtlearnError

COURSE = load()
ENTRIES = glossary(COURSE)


@pytest.mark.parametrize("number", COURSE.lesson_numbers())
def test_a_page_for_each_lesson(number: int) -> None:
    """A summary is short: some sentences, and terms that have a word in both runtimes or in neither."""
    told = summary(COURSE, COURSE.lesson(number))
    assert 5 <= len(told.remember) <= 9
    assert all(sentence.endswith((".", ".)")) and len(sentence) < 160 for sentence in told.remember)
    assert len(told.terms) >= 7
    for term in told.terms:
        assert term.says.endswith("."), term.name
        assert bool(term.python) == bool(term.node), term.name
        assert (term.python + term.node).count("`") % 2 == 0, term.name


def test_each_term_once() -> None:
    """No two terms have the same name, and they stand in the order of the alphabet."""
    names = [name for entry in ENTRIES for name in entry.names]
    assert len(set(names)) == len(names)
    own = [entry.term.name.casefold() for entry in ENTRIES]
    assert own == sorted(own)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mutex", ["mutex"]),
        ("Lock", ["mutex"]),
        ("compare-and-exchange", ["atomic operation"]),
        ("Critical_Section", ["critical section"]),
        ("rotat", ["log rotation"]),
        ("threading.Barrier", ["barrier"]),
    ],
)
def test_a_term_is_found(typed: str, found: list[str]) -> None:
    """A term is found by its name, another name, a part of one, or the word of a runtime."""
    assert [entry.term.name for entry in named(ENTRIES, typed)] == found


@pytest.mark.parametrize(("typed", "fix"), [("semafore", "Did you mean `semaphore`?"), ("", "mtlearn glossary")])
def test_a_term_that_is_none(typed: str, fix: str) -> None:
    """A term that there is not is reported with the nearest one."""
    with pytest.raises(MtlearnError) as told:
        named(ENTRIES, typed)
    assert fix in told.value.fix


def test_the_pages_in_docs() -> None:
    """docs/course has a page for each lesson and the glossary; `python tests/summaries.py` writes them anew."""
    assert {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()} == pages(COURSE)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_summary_in_a_pipe(mtlearn: Mtlearn, width: int) -> None:
    """`mtlearn summary 5` shows the sentences and both runtimes' words, and breaks no line of them."""
    ended = mtlearn("summary", "5", env={"COLUMNS": str(width)})
    assert (ended.code, ended.stderr) == (0, "")
    words = " ".join(ended.stdout.replace("•", "").split())
    told = summary(COURSE, COURSE.lesson(5))
    assert all(sentence.replace("`", "") in words for sentence in told.remember)
    assert "SharedArrayBuffer" in words
    assert "mtlearn play lost-update" in words
    assert max(map(len, ended.stdout.splitlines())) <= width


def test_a_term_in_a_pipe(mtlearn: Mtlearn) -> None:
    """`mtlearn glossary mutex` shows what it is, in Python and in Node.js; without a term, each has its sentence."""
    ended = mtlearn("glossary", "mutex")
    assert (ended.code, ended.stderr) == (0, "")
    assert "threading.Lock" in ended.stdout
    assert "navigator.locks" in ended.stdout
    every = " ".join(mtlearn("glossary").stdout.split())
    assert all(entry.term.title in every for entry in ENTRIES)
    wrong = mtlearn("glossary", "mutx")
    assert wrong.code == 2
    assert "mtlearn glossary mutex" in wrong.stderr
