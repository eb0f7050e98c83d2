"""mtlearn.screens.lesson: what stands on the screen, and what each key and a click does, by Textual's pilot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from test_player import LESSON, PREDICT, TALLY, run_of
from test_screens import play, shown, until
from textual.pilot import Pilot

from mtlearn.course.lesson import Demo
from mtlearn.experiment import Run
from mtlearn.lab.run import Cancel, Cancelled
from mtlearn.learner.progress import LessonProgress
from mtlearn.screens.choices import Choices
from mtlearn.screens.lesson import Ending, LessonScreen
from mtlearn.screens.walk import Walk

SIZES = [(80, 24), (40, 12)]
ENDING = Ending("Tally safely", "mtlearn-exercises/exercise_09.py", following=True)


class Stage:
    """A lesson on a screen whose experiment loses three, or waits until it is let go or cancelled."""

    def __init__(self, progress: LessonProgress | None = None, waits: bool = False, ending: Ending | None = ENDING):
        self.walk = Walk(LESSON, progress or LessonProgress(), lambda known: None)
        self.go = threading.Event()
        self.runs = 0
        self.cancelled = False
        self._waits = waits
        self.screen = LessonScreen(self.walk, self._experiment, ending)

    def _experiment(
        self, demo: Demo, now: Callable[[str], None], read: Any, measured: Callable[..., None], cancel: Cancel
    ) -> tuple[Run, ...]:
        assert demo is TALLY
        self.runs += 1
        now("tally in Python 3.11.7")
        measured("Python 3.11.7", {"variant": "plain", "lost": 3})
        cancel.ends(self.go.set)
        if self._waits:
            self.go.wait(60)
        try:
            cancel.check()
        except Cancelled:
            self.cancelled = True
            raise
        return (run_of(3),)


@pytest.mark.parametrize("size", SIZES)
def test_from_beginning_to_end(size: tuple[int, int]) -> None:
    """Enter alone leads through a lesson, and the footer says at each stop what it does; at the end is the exercise."""
    stage = Stage()

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Lesson 9 · 1/5 · Before", "Words before.", "Enter next", "q quit")
        await pilot.press("enter")
        await until(pilot, "How many will be lost?", "› 1 none", "2 some", "Enter take", "s skip", "b back")
        await pilot.press("enter")
        await until(pilot, "You said: ✗ none", "Measured: 3 were lost.", "That is 2 some", "d details")
        await pilot.press("enter")
        await until(pilot, "Words after.")
        await pilot.press("enter")
        await until(pilot, "1/2 · Quiz", "Is it safe?")
        await pilot.press("down", "enter")
        await until(pilot, "✓ Right.")
        for _ in range(9):
            await pilot.press("enter")
            if "Is it sure?" in shown(pilot):
                break
        await pilot.press("1")
        for text in ("2 of 2 right.", "The lesson is done."):
            for _ in range(9):
                await pilot.press("enter")
                if text in shown(pilot):
                    break
            await until(pilot, text)
        await until(pilot, "Tally safely", "f kata", "Enter the exercise", "n next lesson")
        await pilot.press("enter")

    assert play(stage.screen, drive, size).return_value == "exercise"
    assert stage.walk.progress.finished
    assert stage.walk.progress.answers == {PREDICT.key: 0, "Is it safe?": 1, "Is it sure?": 0}
    assert stage.walk.progress.predicted == {PREDICT.key: False}


def test_arrows_numbers_and_clicks() -> None:
    """A choice is taken by Enter where the arrows led, by its number, or by a click."""
    for keys in (["down", "enter"], ["j", "enter"], ["up", "enter"], ["2"], ["7", "k", "space"]):
        stage = Stage(LessonProgress(PREDICT.key))

        async def drive(pilot: Pilot[object], keys: list[str] = keys) -> None:
            await until(pilot, "How many will be lost?")
            await pilot.press(*keys)
            await until(pilot, "You said: ✓ some")

        play(stage.screen, drive)
    stage = Stage(LessonProgress(PREDICT.key))

    async def click(pilot: Pilot[object]) -> None:
        await until(pilot, "How many will be lost?")
        await pilot.click(pilot.app.screen.query_one(Choices).children[1])
        await until(pilot, "You said: ✓ some")

    play(stage.screen, click)


def test_skipping() -> None:
    """s skips a prediction and a question: that is told, and is not counted as wrong."""
    stage = Stage(LessonProgress(PREDICT.key))

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "How many will be lost?")
        await pilot.press("s")
        words = await until(pilot, "Measured: 3 were lost.", "That is 2 some")
        assert "You said" not in words
        await pilot.press("enter", "enter")
        await until(pilot, "Is it safe?")
        await pilot.press("s")
        await until(pilot, "The answer is 2 no", "Nobody promised.")
        await pilot.press("enter")
        await until(pilot, "Is it sure?")
        await pilot.press("1", "enter")
        await until(pilot, "1 of 2 right, 1 skipped.")

    play(stage.screen, drive)
    assert stage.walk.progress.predicted == {}
    assert stage.walk.progress.answers == {"Is it sure?": 0}


def test_back() -> None:
    """b goes back a step or a question; what was answered and measured is still there, until r measures it anew."""
    stage = Stage(LessonProgress("demo: tally"))

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Measured: 3 were lost.")
        await pilot.press("enter", "enter", "2")
        await until(pilot, "✓ Right.")
        await pilot.press("enter")
        await until(pilot, "Is it sure?")
        await pilot.press("b")
        await until(pilot, "Is it safe?", "✓ Right.")
        await pilot.press("b", "left")
        await until(pilot, "Measured: 3 were lost.")
        assert stage.runs == 1
        await pilot.press("r")
        await until(pilot, "Measured: 3 were lost.")
        assert stage.runs == 2
        await pilot.press("b", "b")
        await until(pilot, "Words before.")
        await pilot.press("b", "q")

    assert play(stage.screen, drive).return_value == "quit"


def test_a_quiz_keeps_its_place() -> None:
    """Whoever quits a quiz goes on at that very question, and the answers before it count."""
    left = LessonProgress("quiz", question=1, answers={"Is it safe?": 1})
    stage = Stage(left)

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "2/2 · Quiz", "Is it sure?")
        await pilot.press("1", "enter")
        await until(pilot, "2 of 2 right.")
        assert stage.walk.progress.question == 0

    play(stage.screen, drive)


def test_a_quiz_by_itself_ends_with_its_score() -> None:
    """Of a quiz, or a kata, by itself the score is the end: Enter leaves it."""
    stage = Stage(LessonProgress("quiz"), ending=None)

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "1/2 · Quiz")
        await pilot.press("s", "enter")
        await until(pilot, "2/2 · Quiz")
        await pilot.press("s", "enter")
        await until(pilot, "0 of 2 right, 2 skipped.", "Enter end")
        await pilot.press("enter")

    assert play(stage.screen, drive).return_value == "done"


def test_a_kata_at_the_end() -> None:
    """f leads to a kata from the end of a lesson, and from nowhere else."""
    stage = Stage(LessonProgress("quiz"))

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "1/2 · Quiz")
        await pilot.press("f", "s", "enter", "s", "enter", "enter")
        await until(pilot, "The lesson is done.")
        await pilot.press("f")

    assert play(stage.screen, drive).return_value == "kata"


def test_from_the_end_to_a_scene_and_back() -> None:
    """p at the end of a lesson leads to its scene, and whoever comes back is at the end again, once."""
    ending = replace(ENDING, scene="lost-update")
    progress = LessonProgress("quiz")

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "1/2 · Quiz")
        await pilot.press("s", "enter", "s", "enter", "enter")
        await until(pilot, "The lesson is done.")
        await pilot.press("p")

    async def back(pilot: Pilot[object]) -> None:
        await until(pilot, "The lesson is done.")
        await pilot.press("q")

    async def anew(pilot: Pilot[object]) -> None:
        await until(pilot, "Lesson 9 · 1/5 · Before")
        await pilot.press("q")

    assert play(Stage(progress, ending=ending).screen, drive).return_value == "play"
    assert play(Stage(progress, ending=ending).screen, back).return_value == "done"
    assert play(Stage(progress, ending=ending).screen, anew).return_value == "quit"


@pytest.mark.parametrize("key", ["b", "q", "ctrl+c"])
def test_an_experiment_under_way(key: str) -> None:
    """While it measures, rows stand there as they come; whoever leaves ends it."""
    stage = Stage(LessonProgress("demo: tally"), waits=True)

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "tally in Python 3.11.7", "plain", "3")
        await pilot.press("enter")
        assert "Words after." not in shown(pilot)
        await pilot.press(key)
        if key == "b":
            await until(pilot, "How many will be lost?")

    play(stage.screen, drive)
    assert stage.cancelled


def test_details_and_help() -> None:
    """d shows the table and the claims, ? every key; Escape comes back."""
    stage = Stage(LessonProgress("demo: tally"))

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Measured: 3 were lost.")
        await pilot.press("d")
        await until(pilot, "variant", "does not hold here: Nothing is lost. (3 lost)")
        await pilot.press("escape", "question_mark")
        await until(pilot, "skip a question")
        await pilot.press("escape")
        await until(pilot, "Measured: 3 were lost.")

    play(stage.screen, drive)


def test_a_resize() -> None:
    """When the terminal becomes another size, the words flow anew, and the footer stays."""
    stage = Stage()

    async def drive(pilot: Pilot[object]) -> None:
        assert LESSON.words is not None
        await until(pilot, "Words before.")
        for size in ((40, 12), (120, 40)):
            await pilot.resize_terminal(*size)
            await until(pilot, "Words before.", "q quit")
            assert shown(pilot).splitlines()[-1].endswith("q\u00a0quit")

    play(stage.screen, drive)


def test_a_scene_to_play() -> None:
    """Where the lesson has a scene, p leads to it, and the footer names it; where it has none, p does nothing."""
    for scene, result in (("lost-update", "play"), ("", "quit")):
        stage = Stage(ending=replace(ENDING, scene=scene))

        async def drive(pilot: Pilot[object], scene: str = scene) -> None:
            words = await until(pilot, "Words before.")
            assert (f"p play {scene}" in words) is bool(scene)
            await pilot.press("p", "q")

        assert play(stage.screen, drive).return_value == result


def test_what_follows() -> None:
    """At the end n leads to the next lesson, q leaves; the lesson is finished either way."""
    for key, result in (("n", "lesson"), ("q", "done"), ("enter", "exercise")):
        stage = Stage(LessonProgress("quiz", question=1, answers={"Is it safe?": 1}))

        async def drive(pilot: Pilot[object], key: str = key) -> None:
            await until(pilot, "Is it sure?")
            await pilot.press("1", "enter", "enter")
            await until(pilot, "The lesson is done.")
            await pilot.press(key)

        assert play(stage.screen, drive).return_value == result
        assert stage.walk.progress.finished
