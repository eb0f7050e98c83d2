"""mtlearn.course.kata and `mtlearn kata`: every kata can be answered, and is told as one that was solved."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Mtlearn

from mtlearn.course.content import load
from mtlearn.course.kata import Kata, katas
from mtlearn.course.quiz import Quiz

COURSE = load()
KATAS = katas(COURSE)


def test_there_are_enough() -> None:
    """There are sixty katas and more, from each task and in both languages, each of another mutant."""
    assert len(KATAS) >= 60
    assert [kata.number for kata in KATAS] == list(range(1, len(KATAS) + 1))
    assert {kata.exercise.task for kata in KATAS} == set(COURSE.lesson_numbers())
    assert {kata.language for kata in KATAS} == {"python", "node"}
    assert len({(kata.exercise.name, kata.mutant.file_name) for kata in KATAS}) == len(KATAS)


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.mutant.file_name)
def test_it_can_be_answered(kata: Kata) -> None:
    """Of the lines one is wrong, and has a key; of the beliefs one is behind it."""
    [quiz] = kata.lesson().steps
    assert isinstance(quiz, Quiz)
    line, belief = quiz.questions
    assert 4 <= len(line.choices) <= 9
    assert len({choice.says for choice in line.choices}) == len(line.choices)
    assert sum(choice.right for choice in line.choices) == 1
    source = kata.mutant.source().splitlines()
    assert kata.instead
    wrong = line.choices[line.right].says
    assert re.match(rf" *{kata.wrong} ", wrong)
    assert wrong.split(maxsplit=1)[1] in source[kata.wrong - 1]
    assert source[kata.wrong - 1].strip() != kata.instead
    assert kata.mutant.misconception in belief.choices[belief.right].says
    assert len({choice.says for choice in belief.choices}) == 3
    assert sum(choice.right for choice in belief.choices) == 1


def test_the_list(mtlearn: Mtlearn) -> None:
    """All katas are listed, as text and as JSON; a number that there is not is told."""
    assert len(mtlearn("kata", "--list").stdout.splitlines()) >= len(KATAS)
    listed = json.loads(mtlearn("kata", "--json").stdout)
    assert listed["version"] == 1
    assert [each["kata"] for each in listed["katas"]] == [kata.number for kata in KATAS]
    assert "There is no kata of lesson `99`." in mtlearn("kata", "--task", "99").stderr
    ended = mtlearn("kata", "999")
    assert ended.code == 2
    assert f"They are numbered from 1 to {len(KATAS)}." in ended.stderr


def test_into_a_pipe(mtlearn: Mtlearn) -> None:
    """Into a pipe a kata shows its lines, the answers, and the check that its program fails."""
    kata = next(kata for kata in KATAS if kata.language == "python" and kata.exercise.task == 5)
    ended = mtlearn("kata", "--task", "five", env={"COLUMNS": "100"})
    assert (ended.code, ended.stderr) == (0, "")
    words = " ".join(ended.stdout.split())
    assert "One of these lines is wrong. Which?" in words
    assert kata.mutant.misconception in words
    assert "✗" in words
    assert f"Go on: mtlearn kata {kata.number + 1}" in words
