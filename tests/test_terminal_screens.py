"""Screens that take all of the terminal: they come, they go, and leave what was there before."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from terminals import Open
from test_terminal import CHOICE, STEPS, remembered

from mtlearn.course.content import load
from mtlearn.learner.progress import ProgressFile
from mtlearn.learner.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")

OUT = "\x1b[?1049l"  # leaves the screen, for what was there before


def test_a_lesson_is_left_while_it_measures(terminal: Open, home: Path, temporary: Path) -> None:
    """q in the middle of an experiment leaves the lesson at once: the place is kept, and nothing of it is left."""
    [race] = [step.key for step in STEPS if step.key == "demo: race"]
    ProgressFile(home, print).change(lambda known: setattr(known.lesson(5), "step", race))
    session = terminal("lesson", "5", "--runtime", "python")
    session.wait_for("race in Python")
    session.type("q")
    assert session.end() == 0
    assert "Your place is kept. Go on with: mtlearn lesson 5" in session.shown
    assert remembered(home).step == race
    assert list(temporary.iterdir()) == []


def save(here: Path, content: bytes) -> None:
    """Save exercise 1 as an editor does that puts another file in its place."""
    file = here / "mtlearn-exercises" / "exercise-1" / "exercise.py"
    new = file.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, file)


def test_watch_on_a_screen(terminal: Open, here: Path, home: Path, temporary: Path) -> None:
    """watch shows a verdict after each save; n leaves it for the next lesson, and nothing is left of it."""
    session = terminal("watch", "exercise-1")
    session.wait_for("Save to check again.")
    save(here, load().exercise("1").solution("python").read_bytes())
    session.wait_for("Passed: all")
    session.press("n")
    session.wait_for("Lesson 2 · 1/")
    session.press("q")
    assert session.end() == 0
    assert OUT in session.raw
    assert list(temporary.iterdir()) == []
    assert ProgressFile(home, print).read().exercise("exercise-1").status == {"python": "pass"}


def test_a_scene_inside_a_lesson(terminal: Open) -> None:
    """p plays a scene of the lesson; whoever leaves the scene is back in the lesson."""
    session = terminal("lesson", "5")
    session.wait_for("p\N{NO-BREAK SPACE}play")
    session.press("p")
    session.wait_for("Who goes next?")
    session.press("q")
    session.wait_for("Lesson 5 · 1/")
    session.press("q")
    assert session.end() == 0
    assert session.raw.count(OUT) == 3


@pytest.mark.parametrize("how", ["key", "SIGINT", "SIGTERM", "SIGHUP"])
def test_watch_is_interrupted(terminal: Open, here: Path, temporary: Path, how: str) -> None:
    """Ctrl-C or a signal while a file is graded that does not end: code 130, and nothing is left."""
    session = terminal("watch", "exercise-1")
    session.wait_for("Save to check again.")
    save(here, b"while True: pass\n")
    session.wait_for("Running")
    if how == "key":
        session.press("\x03")
    else:
        session.process.send_signal(getattr(signal, how))
    assert session.end() == 130
    assert OUT in session.raw
    assert session.shown.rstrip().endswith("Interrupted.")
    assert list(temporary.iterdir()) == []


def test_list_on_a_screen(terminal: Open) -> None:
    """In a terminal the list can be searched, and what is chosen is opened."""
    session = terminal("list")
    session.wait_for("q back")
    session.press("/")
    for key in "lesson 5":
        session.press(key)
    session.press("\r")
    session.wait_for("Two threads, one number")
    session.press("q")
    assert session.end() == 0


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"CI": "true"}, {"PYTHONIOENCODING": "ascii"}], ids=str)
def test_no_screen_where_there_can_be_none(terminal: Open, env: dict[str, str]) -> None:
    """Where no screen can be drawn, the list is text."""
    session = terminal("list", **env)
    assert session.end() == 0
    assert OUT not in session.raw
    assert "exercise-5" in session.shown


def test_plain(terminal: Open) -> None:
    """With --plain there is no screen: verdicts are text, and letters are typed with Enter."""
    session = terminal("watch", "exercise-1", "--plain")
    session.wait_for("each with Enter")
    session.wait_for("Save to check again.")
    session.type("q\n")
    assert session.end() == 0
    assert OUT not in session.raw
    session = terminal("list", "--plain")
    assert session.end() == 0
    assert OUT not in session.raw


def test_quiz_with_keys(terminal: Open, home: Path) -> None:
    """A quiz by itself is answered like that of the lesson, and the lesson stays where it was."""
    ProgressFile(home, print).change(lambda known: setattr(known.lesson(5), "step", STEPS[1].key))
    session = terminal("quiz", "5", "--plain")
    [quiz] = [step for step in STEPS if step.key == "quiz"]
    questions = getattr(quiz, "questions")  # noqa: B009 - the step is a Quiz
    for question in questions:
        session.wait_for(CHOICE)
        session.press(str(question.right + 1))
    assert session.end() == 0
    assert f"{len(questions)} of {len(questions)} right." in session.shown
    assert (remembered(home).step, remembered(home).finished) == (STEPS[1].key, False)
    assert remembered(home).answers == {question.text: question.right for question in questions}


@pytest.mark.parametrize(("answer", "changed"), [("y", True), ("n", False)])
def test_reset_asks(terminal: Open, here: Path, answer: str, changed: bool) -> None:
    """reset asks, and does what is answered."""
    exercise = load().exercise("1")
    file = Workspace(here / "mtlearn-exercises").file(exercise, "python")
    Workspace(here / "mtlearn-exercises").begin(exercise)
    file.write_text("mine")
    session = terminal("reset", "exercise-1")
    session.wait_for("[y/N]")
    session.type(f"{answer}\n")
    assert session.end() == 0
    assert (file.read_bytes() == exercise.starter("python").read_bytes()) is changed
    assert len(list(file.parent.glob("exercise-*.py"))) == changed


def test_the_first_key(terminal: Open) -> None:
    """On a fresh machine, Enter at bare `mtlearn` opens the first lesson."""
    session = terminal(columns=80, rows=24)
    session.wait_for("Begin: mtlearn lesson 1")
    session.press("\r")
    session.wait_for("keys")
    session.press("q")
    assert session.end() == 0


@pytest.mark.parametrize("key", ["q", "\x1b", "x"])
def test_another_first_key(terminal: Open, key: str) -> None:
    """Any other key leaves it, and nothing is begun."""
    session = terminal(columns=80, rows=24)
    session.wait_for("q leaves")
    session.press(key)
    assert session.end() == 0
    assert "Lesson 1" not in session.shown


def test_where_one_stands_in_a_low_terminal(terminal: Open, home: Path) -> None:
    """At 40 by 12 every lesson has its line, the one to go on with its exercise, and all of it is seen at once."""
    ProgressFile(home, print).change(lambda known: known.ran("race"))
    session = terminal(columns=40, rows=12)
    session.wait_for("Begin: mtlearn lesson 1")
    session.press("q")
    assert session.end() == 0
    lines = session.shown.splitlines()
    assert len(lines) <= 12
    assert all(len(line) <= 40 for line in lines)
    assert sum("(" in line for line in lines) <= 1
