"""What people type when they mean a lesson, a demo or an exercise."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PATIENCE_S, Mtlearn

from mtlearn.cli.names import demo_named, exercise_named, lesson_named
from mtlearn.course.content import load
from mtlearn.course.names import Numbered, exercise_of_path, forms, number_in, plain

FIVE = ["5", "05", "five", "Five", " 5 "]


@pytest.mark.parametrize(
    "typed",
    [*FIVE, "ex5", "EX5", "ex-5", "e5", "exercise5", "exercise-5", "exercise_05", "Exercise 5", "exercise five"],
)
def test_forms_of_an_exercise(typed: str) -> None:
    """Every unambiguous way to write exercise 5 is understood."""
    assert exercise_named(load(), typed, "check").name == "exercise-5"


@pytest.mark.parametrize("typed", [*FIVE, "L5", "l5", "lesson5", "lesson-5", "lesson_05", "Lesson 5", "task 5"])
def test_forms_of_a_lesson(typed: str) -> None:
    """Every unambiguous way to write lesson 5 is understood."""
    assert lesson_named(load(), typed, "lesson").number == 5


@pytest.mark.parametrize("typed", ["promise-all", "promise_all", "Promise All", "PROMISE-ALL"])
def test_forms_of_a_demo(typed: str) -> None:
    """A demo's name is understood in any case, with spaces or underscores."""
    assert demo_named(load(), typed)[1].name == "promise-all"


@pytest.mark.parametrize("typed", ["", "0", "-5", "5x", "fivefold", "exercise", "v5", "5.5", "race", "５x"])
def test_no_number(typed: str) -> None:
    """What is not a number of something is not taken for one."""
    assert number_in(typed) is None


@pytest.mark.parametrize("kind", ["lesson", "exercise"])
@pytest.mark.parametrize("value", [1, 5, 10])
def test_every_form_that_is_offered_is_understood(kind: Numbered, value: int) -> None:
    """What completion offers for a number means that number, and never another kind of thing."""
    offered = forms(kind, value)
    assert len(set(offered)) == len(offered) > 5
    for form in offered:
        number = number_in(form)
        assert number is not None
        assert (number.value, number.kind in (None, kind)) == (value, True)


def test_plain() -> None:
    """A name is compared in the way the course writes it."""
    assert [plain(text) for text in ("Promise_All ", "false  sharing", "gil-lag")] == [
        "promise-all",
        "false-sharing",
        "gil-lag",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("exercise_05.py", "exercise-5"),
        ("ex5.mjs", "exercise-5"),
        ("ada/exercise-7/solution.mjs", "exercise-7"),
        ("exercise-10_ada.py", "exercise-10"),
        ("class-5/exercise_07.py", "exercise-7"),
        ("exercise-3/exercise.py", "exercise-3"),
        ("ada_exercise-4_late.py", "exercise-4"),
        ("capstone.py", "capstone"),
        ("ada/Capstone/exercise.mjs", "capstone"),
        ("capstone_ada.py", "capstone"),
        ("capstones.py", None),
        ("solution.py", None),
        ("index5.py", None),
        ("exercise-123.py", None),
    ],
)
def test_exercise_of_path(path: str, name: str | None) -> None:
    """The exercise that a file solves is known by its name, else by the nearest folder that has one."""
    assert exercise_of_path(Path("/somewhere") / path, ["exercise-1", "capstone"]) == name


@pytest.mark.parametrize(
    ("arguments", "message", "fix"),
    [
        (("race",), "`race` is not a command.", "mtlearn demo race"),
        (("5",), "`5` is not a command.", "mtlearn lesson 5, or mtlearn check exercise-5"),
        (("capstone",), "`capstone` is not a command.", "mtlearn check capstone"),
        (("lesson", "Capstone"), "`Capstone` is an exercise, not a lesson.", "mtlearn check capstone"),
        (("Exercise-5",), "`Exercise-5` is not a command.", "mtlearn check exercise-5"),
        (("lost-update",), "`lost-update` is not a command.", "mtlearn play lost-update"),
        (("chek", "5"), "`chek` is not a command.", "Did you mean `check`? mtlearn check 5"),
        (("capston",), "`capston` is not a command.", "Did you mean `capstone`? mtlearn check capstone"),
        (("lost-updat",), "`lost-updat` is not a command.", "Did you mean `lost-update`? mtlearn play lost-update"),
        (("qwxyz", "5"), "`qwxyz` is not a command.", "mtlearn -h shows the commands, mtlearn list all that"),
        (("demo", "lesson-5"), "`lesson-5` is a lesson, not a demo.", "mtlearn lesson 5"),
        (("demo", "5"), "`5` is a lesson, not a demo.", "mtlearn lesson 5"),
        (("lesson", "race"), "`race` is a demo, not a lesson.", "mtlearn demo race"),
        (("lesson", "exercise-5"), "`exercise-5` is an exercise, not a lesson.", "mtlearn check exercise-5"),
        (("check", "lesson-5"), "`lesson-5` is a lesson, not an exercise.", "mtlearn lesson 5"),
        (("check", "lost-update"), "`lost-update` is a scene to play, not an exercise.", "mtlearn play lost-update"),
        (("quiz", "lost-update"), "`lost-update` is a scene to play, not a lesson.", "mtlearn play lost-update"),
        (
            ("play", "lost-updat"),
            "There is no scene `lost-updat`.",
            "Did you mean `lost-update`? mtlearn play lost-upd",
        ),
        (("check", "sol.py"), "Which exercise does sol.py solve?", "mtlearn check EXERCISE --file sol.py"),
        (("watch", "ex5.py"), "ex5.py cannot be watched.", "mtlearn check exercise-5 --file ex5.py"),
        (("check", "ex5.py", "--file", "a.py"), "Two files were given: ex5.py and a.py.", "Leave out --file a.py."),
    ],
)
def test_the_command_to_type(mtlearn: Mtlearn, arguments: tuple[str, ...], message: str, fix: str) -> None:
    """A name that belongs to another command, or to none, is answered with the command to type; exit code 2."""
    ended = mtlearn(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(message)
    assert f"fix:   {fix}" in ended.stderr


def test_the_one_at_hand(mtlearn: Mtlearn, here: Path) -> None:
    """Without a name, check and reset take the last exercise worked on, lesson and quiz the first open one."""
    mtlearn("check", "9")
    ended = mtlearn("check", "--json")
    assert '"exercise": "exercise-9"' in ended.stdout
    assert "exercise-9 is as it was" in mtlearn("reset").stdout
    assert lesson_named(load(), None, "lesson").number == 1
    assert "Lesson 1 " in mtlearn("quiz").stdout


def test_a_path_in_a_workspace(mtlearn: Mtlearn, here: Path) -> None:
    """The path of a workspace's file means that exercise, in that language, and counts as the learner's own."""
    mtlearn("init", "work")
    ended = mtlearn("check", "work/exercise-5/exercise.mjs", "--json")
    assert '"runtime": "node"' in ended.stdout
    assert not (here / "mtlearn-exercises").exists()
    assert "exercise-5" in mtlearn("hint").stdout


def test_a_path_anywhere(mtlearn: Mtlearn, here: Path) -> None:
    """A file anywhere is graded as the exercise that its name says, and nothing is put into a workspace."""
    (here / "ada_exercise5.py").write_text("class SharedCounter: pass\n")
    ended = mtlearn("check", "ada_exercise5.py", "--json")
    assert ended.code == 1
    assert '"exercise": "exercise-5"' in ended.stdout
    assert not (here / "mtlearn-exercises").exists()


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.parametrize(("answer", "shows"), [(b"\n", "race"), (b"n\n", None)])
def test_a_near_miss_is_asked_about(answer: bytes, shows: str | None) -> None:
    """In a terminal a typo with one near match is a question, answered by Enter."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mtlearn", "demo", "rase", "--source", "--runtime", "python"]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    told, deadline = b"", time.monotonic() + PATIENCE_S
    while b"Do you mean `race`?" not in told and time.monotonic() < deadline:
        if select.select([ours], [], [], 0.1)[0]:
            told += os.read(ours, 1000)
    os.write(ours, answer)
    out, _ = process.communicate(timeout=PATIENCE_S)
    os.close(ours)
    assert (process.returncode, bool(shows and b"thread" in out)) == ((0, True) if shows else (130, False))
