"""mtlearn in a real terminal: single keys, Ctrl-C at any moment, and the terminal as it was before."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from terminals import Open

from mtlearn.course.content import load
from mtlearn.learner.progress import ProgressFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")

STEPS = load().lesson(5).steps
PROMPT = "Enter next · b back · q quit"
CHOICE = "your answer · s skips"


def rule(number: int) -> str:
    """What opens a step."""
    return f"Lesson 5 · {number}/{len(STEPS)} · "


def remembered(home: Path) -> Any:
    """The progress in the lesson."""
    return ProgressFile(home, print).read().lesson(5)


def test_a_lesson_with_keys(terminal: Open, home: Path) -> None:
    """As text, Enter goes on, b back, a number answers, q quits; the place is kept."""
    session = terminal("lesson", "5", "--plain", "--runtime", "python")
    session.wait_for(rule(1))
    session.wait_for(PROMPT)
    session.press("\r")
    session.wait_for(rule(2))
    session.wait_for(CHOICE)
    session.press("b")
    session.wait_for(rule(1))
    session.wait_for(PROMPT)
    session.press(" ")
    session.wait_for(rule(2))
    session.wait_for(CHOICE)
    session.press("4")
    session.wait_for("You say: more than 10 %")
    session.wait_for(rule(3))
    session.wait_for(CHOICE)
    session.press("q")
    assert session.end() == 0
    assert "Your place is kept. Go on with: mtlearn lesson 5" in session.shown
    assert (remembered(home).step, remembered(home).answers) == (STEPS[2].key, {STEPS[1].key: 3})


def test_resuming(terminal: Open, home: Path) -> None:
    """The next time the lesson goes on where it was left, with the experiment after its prediction."""
    staged = next(number for number, step in enumerate(STEPS) if step.key == "demo: staged-race")
    file = ProgressFile(home, print)
    file.change(lambda known: known.lesson(5).answers.update({STEPS[staged - 1].key: 2}))
    file.change(lambda known: setattr(known.lesson(5), "step", STEPS[staged - 1].key))
    session = terminal("lesson", "5", "--plain", "--runtime", "python")
    session.wait_for(f"You stopped at step {staged} of {len(STEPS)}")
    session.wait_for(CHOICE)
    session.press("3")
    session.wait_for(rule(staged + 1))
    session.wait_for("You said: ✓ exactly half, on every run")
    session.wait_for(PROMPT)
    session.press("q")
    assert session.end() == 0
    assert remembered(home).step == "demo: staged-race"


def test_to_the_end(terminal: Open, home: Path) -> None:
    """At the end stand the score, the exercise and the next command; the lesson is finished."""
    ProgressFile(home, print).change(lambda known: setattr(known.lesson(5), "step", "quiz"))
    session = terminal("lesson", "5", "--plain", "--runtime", "python")
    [quiz] = [step for step in STEPS if step.key == "quiz"]
    questions = getattr(quiz, "questions")  # noqa: B009 - the step is a Quiz
    for question in questions:
        session.wait_for(CHOICE)
        session.press(str(question.right + 1))
    assert session.end() == 0
    assert f"{len(questions)} of {len(questions)} right." in session.shown
    assert session.shown.rstrip().endswith("Go on: mtlearn check exercise-5")
    assert (remembered(home).finished, remembered(home).step) == (True, None)


@pytest.mark.parametrize("how", ["key", "signal"])
def test_ctrl_c_at_a_prompt(terminal: Open, home: Path, how: str) -> None:
    """Ctrl-C at a prompt ends the lesson with code 130; the place is kept."""
    session = terminal("lesson", "5", "--plain")
    session.wait_for(PROMPT)
    session.press("\r")
    session.wait_for(rule(2))
    session.wait_for(CHOICE)
    if how == "key":
        session.press("\x03")
    else:
        session.process.send_signal(signal.SIGINT)
    assert session.end() == 130
    assert "Interrupted." in session.shown
    assert "Traceback" not in session.shown
    assert remembered(home).step == STEPS[1].key


def test_pages(terminal: Open) -> None:
    """In a low terminal a step comes page by page; the line that asks for the next one is wiped out again."""
    session = terminal("lesson", "5", "--plain", "--runtime", "python", rows=12)
    session.wait_for(rule(1))
    while "Enter next" not in session.shown:
        session.wait_for("Enter ")
        if "Enter next" not in session.shown:
            session.wait_for("more · b back · q quit")
            session.press("\r")
            session.wait_for("\r")
    session.press("q")
    assert session.end() == 0
    assert session.raw.count("\x1b[2K") == session.shown.count("Enter more") > 0


def test_typing_in_a_demo(terminal: Open) -> None:
    """What is typed while a demo runs is neither shown nor taken for an answer."""
    session = terminal("demo", "race", "--runtime", "python", "--seconds", "0.5")
    session.wait_for("1 measured")
    session.type("typed too early\r")
    assert session.end() == 0
    assert "typed too early" not in session.shown


def test_a_demo_is_ended_by_a_signal(terminal: Open, temporary: Path) -> None:
    """A request to end (SIGTERM) is taken like Ctrl-C: the script ends too, and nothing of it is left."""
    session = terminal("demo", "race", "--runtime", "python", "--seconds", "1")
    session.wait_for("1 measured")
    session.process.send_signal(signal.SIGTERM)
    assert session.end() == 130
    assert session.shown.rstrip().endswith("Interrupted.")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("runtime", ["python", "node"])
def test_ctrl_c_in_a_demo(terminal: Open, runtime: str, request: pytest.FixtureRequest) -> None:
    """Ctrl-C in the middle of a demo ends it with code 130, and nothing of it is left."""
    if runtime == "node":
        request.getfixturevalue("node")
    session = terminal("demo", "race", "--seconds", "1", "--runtime", runtime)
    session.wait_for("1 measured")
    session.interrupt()
    assert session.end() == 130
    assert session.shown.rstrip().endswith("Interrupted.")
    assert "Traceback" not in session.shown


def test_ctrl_c_while_cores_are_measured(terminal: Open) -> None:
    """Ctrl-C while the free cores are measured ends the command with code 130."""
    session = terminal("demo", "race")
    session.wait_for("Measuring free cores")
    session.interrupt()
    assert session.end() == 130
    assert "Traceback" not in session.shown


@pytest.mark.parametrize("suffix", [".py", ".mjs"])
def test_ctrl_c_in_a_check(terminal: Open, here: Path, suffix: str, request: pytest.FixtureRequest) -> None:
    """Ctrl-C while a file is graded that does not end: code 130, and nothing of it is left."""
    if suffix == ".mjs":
        request.getfixturevalue("node")
    (here / f"mine{suffix}").write_text({".py": "while True: pass\n", ".mjs": "for (;;);\n"}[suffix])
    session = terminal("check", "exercise-5", "--file", f"mine{suffix}")
    session.wait_for(f"mine{suffix}\n")
    session.interrupt()
    assert session.end() == 130
    assert "Traceback" not in session.shown


def test_forty_columns(terminal: Open, home: Path) -> None:
    """In a terminal of 40 columns nothing is wider, dumb or not."""
    for term in ("xterm-256color", "dumb"):
        session = terminal("lesson", "5", "--plain", columns=40, TERM=term)
        session.wait_for("q quit")
        session.press("q")
        assert session.end() == 0
        assert max(map(len, session.shown.splitlines())) <= 40


def test_an_error_in_a_narrow_terminal(terminal: Open) -> None:
    """An error is broken between words; what belongs to its cause and its fix stands below them."""
    session = terminal("solution", "exercise-5", columns=40)
    assert session.end() == 1
    lines = session.shown.splitlines()
    assert max(map(len, lines)) <= 40
    assert "  fix:   mtlearn hint exercise-5; or, to" in lines
    assert "         see it anyway: mtlearn solution" in lines
    assert "solution exercise-5 --anyway" in " ".join(session.shown.split())


def test_a_dumb_terminal(terminal: Open) -> None:
    """On a dumb terminal a demo shows its table without any control sequence."""
    session = terminal("demo", "staged-race", "--runtime", "python", TERM="dumb")
    assert session.end() == 0
    assert "\x1b" not in session.raw
    assert "50.0 %" in session.shown


def test_no_input(terminal: Open) -> None:
    """With --no-input a lesson asks nothing in a terminal either."""
    session = terminal("lesson", "5", "--no-input", "--runtime", "python")
    session.wait_for(rule(len(STEPS)))
    assert session.end() == 0
    assert PROMPT not in session.shown


def test_gauges_come_while_a_demo_runs(terminal: Open) -> None:
    """What a demo reads again and again is drawn while it runs, and once more when it is done."""
    session = terminal("demo", "monitor", "--runtime", "python", "--seconds", "0.5")
    session.wait_for("jobs waiting")
    session.wait_for("Gauges, Python")
    session.wait_for("jobs waiting")
    assert session.end() == 0
