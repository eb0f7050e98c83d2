"""Spaced repetition: what was met is asked again a day later, and then ever more rarely, as FSRS schedules it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mtlearn.learner.progress import Card, CardKind, Progress

DAY_S = 86_400
DAILY_S = 300  # five minutes a day
SECONDS: dict[CardKind, int] = {"question": 20, "kata": 60, "scene": 90}
"""What a review of each is expected to take."""


class Recall(Enum):
    """How well something was remembered; the values are FSRS's ratings."""

    FORGOTTEN = 1
    HARDLY = 2
    WELL = 3


@dataclass(frozen=True)
class Today:
    """What a day's reviews are: `cards` are those to do now, `more` are due as well and have to wait."""

    cards: tuple[Card, ...]
    more: int

    @property
    def seconds(self) -> int:
        """How long they are expected to take."""
        return sum(SECONDS[card.kind] for card in self.cards)


def meet(progress: Progress, kind: CardKind, names: Iterable[str], now: float) -> None:
    """These were met: what is not asked again yet, will be from tomorrow on."""
    for name in names:
        card = Card(kind=kind, name=name, due=now + DAY_S)
        progress.cards.setdefault(card.key, card)


def today(progress: Progress, now: float, everything: bool = False) -> Today:
    """The cards that are due today, the longest due first: as many as the day's five minutes take, or all of them.

    What has been reviewed today counts.
    """
    begin, end = _day(now)
    due = sorted((card for card in progress.cards.values() if card.due < end), key=lambda card: (card.due, card.key))
    spent = sum(SECONDS[each.kind] for each in progress.cards.values() if each.last and begin <= each.last < end)
    chosen = []
    for card in due:
        if everything or spent + SECONDS[card.kind] <= DAILY_S:
            spent += SECONDS[card.kind]
            chosen.append(card)
    return Today(tuple(chosen), len(due) - len(chosen))


def reviewed(card: Card, recall: Recall, now: float) -> Card:
    """The card after a review at this time. Deterministic: FSRS's own fuzz is off, the day's limit does its work."""
    from datetime import UTC, datetime

    import fsrs

    known = fsrs.Card(card_id=0)
    if card.last is not None:
        last = datetime.fromtimestamp(card.last, UTC)
        known = fsrs.Card(0, fsrs.State.Review, None, card.stability, card.difficulty, last_review=last)
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)  # in days, not in minutes
    after, _ = scheduler.review_card(known, fsrs.Rating(recall.value), datetime.fromtimestamp(now, UTC))
    return Card(
        kind=card.kind,
        name=card.name,
        due=after.due.timestamp(),
        last=now,
        stability=after.stability,
        difficulty=after.difficulty,
    )


def forget(progress: Progress, keys: Iterable[str]) -> None:
    """These are not asked any more: the course has them no longer."""
    for key in keys:
        progress.cards.pop(key, None)


def note(progress: Progress, card: Card, recall: Recall, now: float) -> None:
    """Remember a review."""
    progress.cards[card.key] = reviewed(card, recall, now)


def _day(now: float) -> tuple[float, float]:
    """When this day began, and when the next one begins, on the learner's clock."""
    year, month, day, *_ = time.localtime(now)
    begin, end = (time.mktime((year, month, each, 0, 0, 0, 0, 0, -1)) for each in (day, day + 1))
    return begin, end
