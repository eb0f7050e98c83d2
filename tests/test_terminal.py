"""mtlearn in a real terminal: single keys, Ctrl-C at any moment, and the terminal as it was before."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE_S

from mtlearn.course.content import load
from mtlearn.learner.progress import ProgressFile
from mtlearn.learner.workspace import Workspace

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

import fcntl
import pty
import struct
import termios


class Session:
    """A command in a terminal of its own, as its foreground process: what it shows is read, keys are pressed."""

    def __init__(self, arguments: tuple[str, ...], columns: int, rows: int, env: dict[str, str]) -> None:
        self.keyboard, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(screen)
        self.screen = screen
        self.raw = ""
        self.shown = ""
        self._read_to = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mtlearn", *arguments],
            stdin=screen,
            stdout=screen,
            stderr=screen,
            env={**os.environ, **env},
            preexec_fn=_own_terminal,
        )

    def wait_for(self, text: str) -> None:
        """Read until this text appears, after whatever was waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.shown.find(text, self._read_to)) < 0:
            if time.monotonic() > deadline or not self._read(0.2):
                raise AssertionError(f"{text!r} does not appear after:\n{self.shown[self._read_to :]}")
        self._read_to = found + len(text)

    def press(self, key: str) -> None:
        """Press a key as soon as the command waits for one: what is typed before that, it throws away."""
        deadline = time.monotonic() + PATIENCE_S
        while termios.tcgetattr(self.screen)[3] & termios.ICANON:
            assert time.monotonic() < deadline, f"it waits for no key:\n{self.shown}"
            self._read(0.01)
        os.write(self.keyboard, key.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C while no key is waited for: the terminal makes it a signal."""
        self.type("\x03")

    def type(self, text: str) -> None:
        """Type what is read as a line."""
        os.write(self.keyboard, text.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end:\n{self.shown}"
            self._read(0.05)
        while self._read(0):
            pass
        return self.process.returncode

    def close(self) -> None:
        """End it, whatever happened."""
        self.process.kill()
        self.process.wait()
        os.close(self.keyboard)
        os.close(self.screen)

    def _read(self, seconds: float) -> bool:
        """Read what there is; False when nothing is left to come."""
        if select.select([self.keyboard], [], [], seconds)[0]:
            data = os.read(self.keyboard, 65_536).decode(errors="replace")
            self.raw += data
            self.shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw).replace("\r\n", "\n")
            return True
        return self.process.poll() is None


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


Open = Callable[..., Session]


@pytest.fixture
def terminal() -> Iterator[Open]:
    """Opens a terminal with a command in it; at the end its settings must be what they were."""
    sessions: list[Session] = []

    def open_(*arguments: str, columns: int = 100, rows: int = 60, **env: str) -> Session:
        session = Session(arguments, columns, rows, env)
        sessions.append(session)
        return session

    yield open_
    try:
        for session in sessions:
            assert termios.tcgetattr(session.screen) == session.before
    finally:
        for session in sessions:
            session.close()


STEPS = load().lesson(5).steps
PROMPT = "Enter next · b back · q quit"
CHOICE = "your answer · Enter skips"


def rule(number: int) -> str:
    """What opens a step."""
    return f"Lesson 5 · {number}/{len(STEPS)} · "


def remembered(home: Path) -> Any:
    """The progress in the lesson."""
    return ProgressFile(home, print).read().lesson(5)


def test_a_lesson_with_keys(terminal: Open, home: Path) -> None:
    """Enter goes on, b back, a number answers, q quits; the place is kept."""
    session = terminal("lesson", "5", "--runtime", "python")
    session.wait_for(rule(1))
    session.wait_for(PROMPT)
    session.press("\r")
    session.wait_for(rule(2))
    session.wait_for(PROMPT)
    session.press("b")
    session.wait_for(rule(1))
    session.wait_for(PROMPT)
    session.press(" ")
    session.wait_for(rule(2))
    session.wait_for(PROMPT)
    session.press("\r")
    session.wait_for(rule(3))
    session.wait_for(CHOICE)
    session.press("4")
    session.wait_for("You say: more than 10 %")
    session.wait_for(rule(4))
    session.wait_for(CHOICE)
    session.press("q")
    assert session.end() == 0
    assert "Your place is kept. Go on with: mtlearn lesson 5" in session.shown
    assert (remembered(home).step, remembered(home).answers) == (STEPS[3].key, {STEPS[2].key: 3})


def test_resuming(terminal: Open, home: Path) -> None:
    """The next time the lesson goes on where it was left, with the experiment after its prediction."""
    staged = next(number for number, step in enumerate(STEPS) if step.key == "demo: staged-race")
    file = ProgressFile(home, print)
    file.change(lambda known: known.lesson(5).answers.update({STEPS[staged - 1].key: 2}))
    file.change(lambda known: setattr(known.lesson(5), "step", STEPS[staged - 1].key))
    session = terminal("lesson", "5", "--runtime", "python")
    session.wait_for(f"You stopped at step {staged} of {len(STEPS)}")
    session.wait_for(CHOICE)
    session.press("3")
    session.wait_for(rule(staged + 1))
    session.wait_for("You predicted: ✓ exactly half, on every run")
    session.wait_for(PROMPT)
    session.press("q")
    assert session.end() == 0
    assert remembered(home).step == "demo: staged-race"


def test_to_the_end(terminal: Open, home: Path) -> None:
    """At the end stand the score, the exercise and the next command; the lesson is finished."""
    ProgressFile(home, print).change(lambda known: setattr(known.lesson(5), "step", "quiz"))
    session = terminal("lesson", "5", "--runtime", "python")
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
    session = terminal("lesson", "5")
    session.wait_for(PROMPT)
    session.press("\r")
    session.wait_for(rule(2))
    session.wait_for(PROMPT)
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
    session = terminal("lesson", "5", "--runtime", "python", rows=12)
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
        session = terminal("lesson", "5", columns=40, TERM=term)
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
    assert "  fix:   mtlearn hint exercise-5, or, if" in lines
    assert "         you want it all the same:" in lines
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


# -- screens that take all of the terminal --------------------------------------

OUT = "\x1b[?1049l"  # leaves the screen, for what was there before


def save(here: Path, content: bytes) -> None:
    """Save exercise 1 as an editor does that puts another file in its place."""
    file = here / "mtlearn-exercises" / "exercise-1" / "exercise.py"
    new = file.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, file)


def test_watch_on_a_screen(terminal: Open, here: Path, home: Path, temporary: Path) -> None:
    """watch shows a verdict after each save, and q leaves it; the terminal is as it was, and nothing is left."""
    session = terminal("watch", "exercise-1")
    session.wait_for("Save to check again.")
    save(here, load().exercise("1").solution("python").read_bytes())
    session.wait_for("Passed: all")
    session.press("q")
    assert session.end() == 0
    assert OUT in session.raw
    assert list(temporary.iterdir()) == []
    assert ProgressFile(home, print).read().exercise("exercise-1").status == {"python": "pass"}


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
    session.wait_for(rule(1))
    session.wait_for(PROMPT)
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
    session = terminal("quiz", "5")
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
