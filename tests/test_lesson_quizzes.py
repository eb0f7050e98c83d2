"""The quizzes of the course: who knows nothing cannot tell the right answer by its place or its length."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from mtlearn.course.content import load
from mtlearn.course.quiz import Question, Quiz, questions
from mtlearn.errors import MtlearnError

ALL: list[Question] = [
    question
    for lesson in load().lessons()
    for step in lesson.steps
    if isinstance(step, Quiz)
    for question in step.questions
]


def test_place() -> None:
    """Always taking the first choice, or the second, or the third, gives no more than two right in five."""
    places = Counter(question.right for question in ALL)
    assert max(places.values()) <= 0.4 * len(ALL), places


def test_length() -> None:
    """Always taking the longest choice, or the shortest, gives no more than two right in five."""
    longest = shortest = 0
    for question in ALL:
        lengths = [len(choice.says) for choice in question.choices]
        longest += lengths[question.right] == max(lengths)
        shortest += lengths[question.right] == min(lengths)
    assert max(longest, shortest) <= 0.4 * len(ALL), (longest, shortest, len(ALL))


def test_yes() -> None:
    """Of the questions that can be answered by yes or no, neither word is right three times in four."""
    words = Counter(
        question.choices[question.right].says.split()[0].strip(":,")
        for question in ALL
        if {"Yes", "No"} <= {choice.says.split()[0].strip(":,") for choice in question.choices}
    )
    assert max(words["Yes"], words["No"]) <= 0.75 * words.total(), words


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("right = true, ", "", "has not exactly one right choice"),
        ('figure = "promise"', 'figure = "nowhere"', "nowhere"),
        ('figure = "promise"', "", "no question names these figures of lesson.py: promise"),
        (
            "misconceptions = [1]",
            'misconceptions = ["1"]',
            "at `$.question[0].misconceptions[0]`",
        ),
        ("[[question]]", "[[question", "it is not TOML"),
    ],
)
def test_damaged(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A quiz.toml that is damaged is reported with what is wrong in it."""
    lesson = load().lesson(1)
    [quiz] = [step for step in lesson.steps if isinstance(step, Quiz)]
    shutil.copy(lesson.folder / "quiz.toml", tmp_path)
    assert questions(tmp_path, quiz.figures) == quiz.questions
    file = tmp_path / "quiz.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(MtlearnError) as raised:
        questions(tmp_path, quiz.figures)
    assert told in raised.value.cause
