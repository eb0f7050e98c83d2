"""mtlearn.learner.reviews and `mtlearn review`: what was met comes back, five minutes a day, as FSRS schedules it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Mtlearn
from terminals import Open

from mtlearn.course.content import load
from mtlearn.course.kata import katas
from mtlearn.learner import deck, reviews
from mtlearn.learner.progress import Card, CardKind, Progress, ProgressFile
from mtlearn.learner.reviews import DAY_S, Recall

COURSE = load()
NOON = time.mktime((2026, 5, 4, 12, 0, 0, 0, 0, -1))
QUESTIONS = deck.questions(COURSE.lesson(5))
KATA = katas(COURSE)[0]
KIND: dict[str, CardKind] = {"q": "question", "k": "kata", "s": "scene"}


def card(kind: CardKind = "question", name: str = "a", due: float = NOON, last: float | None = None) -> Card:
    """A card; one that has been reviewed before is known for some days."""
    known = (3.0, 5.0) if last is not None else (None, None)
    return Card(kind=kind, name=name, due=due, last=last, stability=known[0], difficulty=known[1])


def holding(*cards: Card) -> Progress:
    """Progress with these cards."""
    return Progress(cards={each.key: each for each in cards})


# -- what is due ----------------------------------------------------------------


def test_what_was_met_comes_back_tomorrow() -> None:
    """What was met today is due tomorrow from midnight on; meeting it again changes nothing."""
    progress = Progress()
    reviews.meet(progress, "question", ["a"], NOON)
    assert reviews.today(progress, NOON).cards == ()
    midnight = NOON + DAY_S / 2 + 1
    assert [each.name for each in reviews.today(progress, midnight).cards] == ["a"]
    reviews.meet(progress, "question", ["a"], NOON + 5 * DAY_S)
    assert progress.cards["question: a"].due == NOON + DAY_S


@pytest.mark.parametrize(
    ("due", "chosen", "more"),
    [
        ("qqq", "qqq", 0),
        ("kkkkkk", "kkkkk", 1),
        ("sssqqk", "sssq", 2),  # 270 s, then what still fits
        ("kkkkskq", "kkkkk", 2),
    ],
)
def test_five_minutes(due: str, chosen: str, more: int) -> None:
    """A day takes the longest due first, as much as fits into five minutes; --all takes everything."""
    cards = [card(KIND[kind], f"{number}", NOON - DAY_S + number) for number, kind in enumerate(due)]
    found = reviews.today(holding(*cards), NOON)
    assert ("".join(each.kind[0] for each in found.cards), found.more) == (chosen, more)
    assert found.seconds <= reviews.DAILY_S
    assert len(reviews.today(holding(*cards), NOON, everything=True).cards) == len(due)


def test_what_was_reviewed_today_counts() -> None:
    """Five minutes are five minutes, however often the command is called; tomorrow there are five more."""
    done = [card("kata", f"done {number}", NOON + 9 * DAY_S, last=NOON - 60) for number in range(5)]
    progress = holding(*done, card(due=NOON - DAY_S))
    assert (reviews.today(progress, NOON).cards, reviews.today(progress, NOON).more) == ((), 1)
    assert len(reviews.today(progress, NOON + DAY_S).cards) == 1


# -- when it comes back -----------------------------------------------------------


def test_who_remembers_is_asked_ever_more_rarely() -> None:
    """Each time it was known the pause grows; once it was forgotten, it is short again."""
    known, now, pauses = card(), NOON, []
    for _ in range(4):
        known = reviews.reviewed(known, Recall.WELL, now)
        pauses.append((known.due - now) / DAY_S)
        now = known.due
    assert pauses == sorted(pauses)
    assert pauses[0] >= 1
    assert pauses[-1] > 10 * pauses[0]
    forgotten = reviews.reviewed(known, Recall.FORGOTTEN, now)
    assert (forgotten.due - now) / DAY_S < pauses[1]
    assert reviews.reviewed(known, Recall.WELL, now) == reviews.reviewed(known, Recall.WELL, now)


def test_the_better_it_was_known_the_later_it_comes() -> None:
    """Forgotten comes before hardly known, and that before well known; always in whole days."""
    first, second, third = (reviews.reviewed(card(), recall, NOON).due - NOON for recall in Recall)
    assert DAY_S <= first <= second < third
    assert third % DAY_S == 0


def test_it_is_kept_in_the_progress_file(home: Path) -> None:
    """A card is as it was when it is read again, and stands beside everything else that is remembered."""
    file = ProgressFile(home, pytest.fail)
    file.change(lambda known: known.ran("race"))
    file.change(lambda known: reviews.meet(known, "question", ["a"], NOON))
    file.change(lambda known: reviews.note(known, known.cards["question: a"], Recall.WELL, NOON + DAY_S))
    known = file.read()
    assert known.demos == {"race": 1}
    assert known.cards["question: a"].last == NOON + DAY_S
    assert known.cards["question: a"] == reviews.reviewed(card(due=NOON + DAY_S), Recall.WELL, NOON + DAY_S)


# -- what is asked ----------------------------------------------------------------


def test_what_a_card_asks() -> None:
    """A card finds its question, its kata or its scene again; one whose question is gone finds nothing."""
    cards = [card("question", QUESTIONS[0].text), card("kata", deck.name(KATA)), card("scene", "two-locks"), card()]
    found = deck.asked(COURSE, cards)
    texts = [[question.text for question in found[each.key].questions] for each in cards[:3]]
    assert texts == [[QUESTIONS[0].text], [question.text for question in KATA.questions], []]
    assert found["scene: two-locks"].scene
    assert cards[3].key not in found


@pytest.mark.parametrize(
    ("line", "belief", "recall"),
    [
        (True, True, Recall.WELL),
        (True, False, Recall.HARDLY),
        (False, True, Recall.FORGOTTEN),
        (True, None, None),
        (None, None, None),
    ],
)
def test_how_well_a_kata_was_remembered(line: bool | None, belief: bool | None, recall: Recall | None) -> None:
    """The line counts, then the belief behind it; who skips one has not answered."""
    answers = {
        question.text: question.right if right else (question.right + 1) % len(question.choices)
        for question, right in zip(KATA.questions, (line, belief), strict=True)
        if right is not None
    }
    assert deck.Asked(card("kata", deck.name(KATA)), KATA.questions).recall(answers) is recall


# -- the command ------------------------------------------------------------------


@pytest.fixture
def met(home: Path) -> Callable[..., None]:
    """Keeps these cards in the progress file, due since yesterday."""

    def keep(*cards: Card) -> None:
        yesterday = time.time() - DAY_S

        def change(known: Progress) -> None:
            known.cards.update({each.key: Card(kind=each.kind, name=each.name, due=yesterday) for each in cards})

        ProgressFile(home, pytest.fail).change(change)

    return keep


def test_nothing_yet(mtlearn: Mtlearn) -> None:
    """Who has met nothing is told what comes here, and bare `mtlearn` says nothing of it."""
    assert "Nothing to review yet." in mtlearn("review").stdout
    assert "To review" not in mtlearn().stdout


def test_in_a_pipe(mtlearn: Mtlearn, met: Callable[..., None], home: Path) -> None:
    """Bare `mtlearn` tells in one line what is due; in a pipe `review` shows it with its answers, and keeps nothing."""
    met(card("question", QUESTIONS[0].text), card("scene", "two-locks"))
    [told] = [line for line in mtlearn().stdout.splitlines() if "review" in line]
    assert told == "To review: 2, about 2 min: mtlearn review"
    ended = mtlearn("review", env={"COLUMNS": "100"})
    assert (ended.code, ended.stderr) == (0, "")
    words = " ".join(ended.stdout.split())
    assert "Review: 1 question, 1 scene; about 2 min." in words
    assert QUESTIONS[0].choices[QUESTIONS[0].right].why.replace("`", "") in words.replace("`", "")
    assert "mtlearn play two-locks" in words
    assert all(each.last is None for each in ProgressFile(home, pytest.fail).read().cards.values())
    listed = json.loads(mtlearn("review", "--json").stdout)
    assert [each["kind"] for each in listed["cards"]] == ["question", "scene"]
    assert (listed["version"], listed["seconds"], listed["more"]) == (1, 110, 0)


def test_what_the_course_has_no_more(mtlearn: Mtlearn, met: Callable[..., None]) -> None:
    """A question that was taken out of the course is forgotten, and not told as due any more."""
    met(card("question", "What was that again?"))
    assert "To review: 1" in mtlearn().stdout
    assert "Nothing to review yet." in mtlearn("review").stdout
    assert "To review" not in mtlearn().stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_at_the_keys(terminal: Open, met: Callable[..., None], home: Path) -> None:
    """An answer is kept at once, a skipped question and a scene left for later stay due; it is said what comes when."""
    met(*(card("question", question.text) for question in QUESTIONS[:2]), card("scene", "two-locks"))
    first, second = sorted(QUESTIONS[:2], key=lambda question: question.text)
    session = terminal("review", columns=80, rows=24)
    session.wait_for("1/2 · Review")
    session.press(str(first.right + 1))
    session.wait_for("Right.")
    session.press("\r")
    session.wait_for("2/2 · Review")
    session.press("s")
    session.wait_for("The answer is")
    session.press("\r")
    session.wait_for("1 of 2 right, 1 skipped.")
    session.press("\r")
    session.wait_for("Enter plays it")
    session.press("x")
    session.wait_for("Remembered: 1 of 1. The first comes back in 2 days")
    assert session.end() == 0
    known = ProgressFile(home, pytest.fail).read().cards
    assert known[f"question: {first.text}"].last
    assert known[f"question: {second.text}"].last is None
    assert known["scene: two-locks"].last is None
