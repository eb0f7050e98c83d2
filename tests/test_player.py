"""mtlearn.screens.player: a lesson with scripted keys and experiments that are made up."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mtlearn.course.claim import Claim, Measured, findings
from mtlearn.course.lesson import Column, Demo, Lesson, Outcome, Predict, Text
from mtlearn.course.quiz import Choice, Question, Quiz
from mtlearn.experiment import Run
from mtlearn.lab.recording import Recording
from mtlearn.learner.progress import LessonProgress
from mtlearn.render.screen import make_screen
from mtlearn.screens.player import Player
from mtlearn.screens.walk import Walk


def nothing_lost(measured: Measured) -> tuple[bool, str]:
    """The judge of the claim."""
    return measured.row("plain")["lost"] == 0, f"{measured.row('plain')['lost']} lost"


def what_happened(runs: tuple[Measured, ...]) -> Outcome:
    """The answer to the prediction."""
    return Outcome(1 if runs[0].row("plain")["lost"] else 0, f"{runs[0].row('plain')['lost']} were lost.")


def figure(runs: Mapping[str, tuple[Measured, ...]]) -> str:
    """The figure of a quiz question."""
    return f"{runs['tally'][0].row('plain')['lost']} lost of a few"


TALLY = Demo(
    "tally",
    "A tally of a few.",
    (Column("variant", "variant"), Column("lost", "lost", "count")),
    (Claim("Nothing is lost.", nothing_lost),),
)
PREDICT = Predict("tally", "How many will be lost?", ("none", "some"), what_happened)
LESSON = Lesson(
    9,
    "Tallies",
    (
        Text("Before"),
        PREDICT,
        TALLY,
        Text("After"),
        Quiz(
            {},
            (
                Question(
                    "Is it safe?",
                    (Choice("yes", "Luck is no promise."), Choice("no", "Nobody promised.", right=True)),
                    figure,
                ),
                Question("Is it sure?", (Choice("yes", "It is a tally.", right=True), Choice("no", "It is."))),
            ),
        ),
    ),
    words={"Before": "Words before.", "After": "Words after."},
)


def run_of(lost: int) -> Run:
    """A run that lost this many."""
    rows: tuple[dict[str, Any], ...] = ({"variant": "plain", "lost": lost},)
    measured = Measured("Python 3.11.7", "python", True, 2.0, rows)
    recording = Recording("Python 3.11.7", "python", True, 0.1, rows)
    return Run(recording, measured, findings(TALLY.claims, measured))


class Script:
    """Presses these keys, one after the other; asked for more than there are, it fails."""

    def __init__(self, *keys: int | str) -> None:
        self.keys = list(keys)
        self.pages = 0

    def go_on(self) -> str:
        """The next key, a move."""
        key = self.keys.pop(0)
        assert isinstance(key, str), f"{key} pressed where only a move means something"
        return key

    def more(self) -> str:
        """The next key, at the end of a page."""
        self.pages += 1
        return self.go_on()

    def choose(self, count: int) -> int | str:
        """The next key, a choice or a move."""
        key = self.keys.pop(0)
        assert isinstance(key, str) or key < count
        return key


class Stage:
    """A player, what it wrote, how often it ran the experiment and what it remembered."""

    def __init__(self, *keys: int | str, progress: LessonProgress | None = None, lost: int | None = 3) -> None:
        self.out = io.StringIO()
        self.script = Script(*keys) if keys else None
        self.runs = 0
        self.remembered: list[LessonProgress] = []
        self.lost = lost
        walk = Walk(LESSON, progress or LessonProgress(), self._remember if keys else None)
        self.player = Player(walk, make_screen(self.out), self._experiments, self.script)

    def _remember(self, known: LessonProgress) -> None:
        self.remembered.append(copy.deepcopy(known))

    def _experiments(self, demo: Demo) -> tuple[Run, ...]:
        assert demo is TALLY
        self.runs += 1
        return () if self.lost is None else (run_of(self.lost),)

    def play(self) -> bool:
        """Play; every key must have been used."""
        reached = self.player.play()
        assert self.script is None or not self.script.keys
        return reached

    @property
    def shown(self) -> str:
        """What stands on the screen, as one line of words."""
        return " ".join(self.out.getvalue().split())


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "60")


def test_from_beginning_to_end() -> None:
    """A learner who goes on and answers everything sees every step, and has finished."""
    stage = Stage("next", 1, "next", "next", 1, 0)
    assert stage.play()
    for number, title in enumerate(("Before", "What do you think?", "Experiment: tally", "After", "Quiz"), 1):
        assert f"Lesson 9 · {number}/5 · {title}" in stage.shown
    assert "Words before." in stage.shown
    assert "2 of 2 right." in stage.shown
    last = stage.remembered[-1]
    assert (last.step, last.finished) == (None, True)
    assert last.answers == {PREDICT.key: 1, "Is it safe?": 1, "Is it sure?": 0}


@pytest.mark.parametrize(
    ("answer", "lost", "told"),
    [
        (1, 3, "You said: ✓ some Measured: 3 were lost."),
        (0, 3, "You said: ✗ none Measured: 3 were lost. That is 2 some"),
        (0, 0, "You said: ✓ none Measured: 0 were lost."),
        (0, None, "You said: ? none Measured: It could not be measured here: no run."),
    ],
)
def test_predictions(answer: int, lost: int | None, told: str) -> None:
    """After an experiment stands what was predicted, right or wrong, against what happened."""
    stage = Stage("next", answer, "quit", lost=lost)
    assert not stage.play()
    assert "You say: " in stage.shown
    assert told in stage.shown
    right = {"✓": {PREDICT.key: True}, "✗": {PREDICT.key: False}, "?": {}}
    assert stage.remembered[-1].predicted == right[told.split()[2]]


@pytest.mark.parametrize(
    ("taken", "lost", "why"), [(0, 3, "Luck."), (1, 3, "Bad luck."), (None, 3, "Bad luck."), (0, 0, ""), (0, None, "")]
)
def test_why(taken: int | None, lost: int | None, why: str) -> None:
    """The sentence for the choice taken is told, unless something else was measured than what it takes for granted."""
    predict = replace(PREDICT, whys=("Luck.", "Bad luck."), right=1)
    happened = Outcome(None if lost is None else int(lost > 0), "")
    assert predict.why(taken, happened) == why


def test_a_skipped_prediction() -> None:
    """Who skips a prediction is told what happened all the same."""
    stage = Stage("next", "next", "quit")
    stage.play()
    assert "Measured: 3 were lost. That is 2 some" in stage.shown
    assert "You said" not in stage.shown
    assert stage.remembered[-1].predicted == {}


def test_claims_are_shown() -> None:
    """After an experiment each claim says whether it held."""
    stage = Stage("next", 1, "quit")
    stage.play()
    assert "✗ does not hold here: Nothing is lost. (3 lost)" in stage.shown


def test_back() -> None:
    """Back goes one step back, from the first step nowhere, and an experiment gone back to runs again."""
    stage = Stage("back", "next", "back", "next", 0, "next", "back", "next", "quit")
    stage.play()
    assert stage.runs == 2
    assert stage.shown.count("Words before.") == 3
    assert stage.remembered[-1].step == "text: After"


def test_back_in_a_quiz() -> None:
    """Back in a quiz goes to the question before, and from the first one to the step before; answers are kept."""
    stage = Stage("next", 0, "next", "next", 1, "back", 0, "back", "back", "quit")
    assert not stage.play()
    assert stage.remembered[-1].step == "text: After"
    assert stage.remembered[-1].answers["Is it safe?"] == 0


def test_a_quiz_goes_on() -> None:
    """Whoever quits a quiz goes on at that very question; the answers before it count."""
    stage = Stage("next", 0, "next", "next", 1, "quit")
    assert not stage.play()
    assert (stage.remembered[-1].step, stage.remembered[-1].question) == ("quiz", 1)
    again = Stage(0, progress=stage.remembered[-1])
    assert again.play()
    assert "You stopped at question 2 of 2" in again.shown
    assert "2 of 2 right." in again.shown
    assert again.remembered[-1].question == 0


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        (("quit",), "text: Before"),
        (("next", "quit"), PREDICT.key),
        (("next", 1, "quit"), "demo: tally"),
        (("next", 1, "next", "next", "quit"), "quiz"),
        (("next", 1, "next", "next", 0, "quit"), "quiz"),
    ],
)
def test_quit_and_resume(keys: tuple[int | str, ...], step: str) -> None:
    """Whoever quits goes on at that very step the next time."""
    stage = Stage(*keys)
    assert not stage.play()
    left = stage.remembered[-1]
    assert (left.step, left.finished) == (step, False)
    again = Stage("quit", progress=left)
    again.play()
    number = [each.key for each in LESSON.steps].index(step) + 1
    assert ("You stopped at step" in again.shown) is (number > 1)
    assert f"Lesson 9 · {number}/5 · " in again.shown
    assert again.remembered[-1].answers == left.answers


def test_a_prediction_is_known_after_resuming() -> None:
    """What was predicted before quitting stands against what happens after resuming."""
    stage = Stage("quit", progress=LessonProgress("demo: tally", False, {PREDICT.key: 0}))
    stage.play()
    assert "You said: ✗ none" in stage.shown


@pytest.mark.parametrize("answers", [{PREDICT.key: 99}, {PREDICT.key: -1}])
def test_answers_of_another_lesson(answers: dict[str, int]) -> None:
    """An answer that is no choice any more (the lesson has changed) is passed over."""
    stage = Stage("quit", progress=LessonProgress("demo: tally", False, answers))
    stage.play()
    assert "You said" not in stage.shown


def test_a_step_that_is_gone() -> None:
    """Where the remembered step exists no more, the lesson begins at the beginning."""
    stage = Stage("quit", progress=LessonProgress("text: Something else"))
    stage.play()
    assert "Lesson 9 · 1/5 · Before" in stage.shown


def test_finished_stays_finished() -> None:
    """A lesson once finished stays finished when it is begun again."""
    stage = Stage("next", "quit", progress=LessonProgress(None, True))
    stage.play()
    assert stage.remembered[-1].finished


def test_quiz() -> None:
    """A quiz tells right from wrong, gives the reason, and the figure measured here where one shows it."""
    stage = Stage("next", 1, "next", "next", 0, 0)
    stage.play()
    assert "✗ Not so. Luck is no promise. It is 2 no Nobody promised. Measured here: 3 lost of a few" in stage.shown
    assert "✓ Right. It is a tally." in stage.shown
    assert "1 of 2 right." in stage.shown


def test_a_quiz_without_its_demo() -> None:
    """Resumed at the quiz, no experiment has run: the answers come without figures."""
    stage = Stage("next", 1, progress=LessonProgress("quiz"))
    assert stage.play()
    assert "The answer is 2 no Nobody promised." in stage.shown
    assert "Measured here" not in stage.shown
    assert "0 of 2 right, 1 skipped." in stage.shown


def test_without_keys() -> None:
    """Without anybody at the keys everything is shown, every experiment runs, and nothing is remembered."""
    stage = Stage(progress=LessonProgress("quiz"))
    assert stage.play()
    assert stage.runs == 1
    for told in ("Words before.", "How many will be lost?", "Measured: 3 were lost.", "Words after.",
                 "The answer is 2 no", "The answer is 1 yes"):  # fmt: skip
        assert told in stage.shown
    assert "right." not in stage.shown
    assert stage.remembered == []


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than the terminal comes page by page, cut between paragraphs; nothing is lost of it."""
    monkeypatch.setenv("LINES", "12")
    assert LESSON.words is not None
    monkeypatch.setitem(LESSON.words, "Before", "\n\n".join(f"Word {number}." for number in range(20)))
    stage = Stage("next", "next", "next", "next", "next", "quit")
    assert not stage.play()
    assert stage.script
    assert stage.script.pages == 4
    assert [f"Word {number}." in stage.shown for number in range(20)] == [True] * 20
    assert "What do you think?" in stage.shown


@pytest.mark.parametrize("keys", [("quit",), ("back", "quit")])
def test_a_step_is_left_in_the_middle(monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]) -> None:
    """At the end of a page the learner may go back, or quit, without the rest."""
    monkeypatch.setenv("LINES", "12")
    assert LESSON.words is not None
    monkeypatch.setitem(LESSON.words, "Before", "\n\n".join(f"Word {number}." for number in range(20)))
    stage = Stage(*keys)
    assert not stage.play()
    assert "Word 19." not in stage.shown
    assert stage.remembered[-1].step == LESSON.steps[0].key
