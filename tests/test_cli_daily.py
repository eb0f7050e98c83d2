"""mtlearn.cli, the commands of every day: list, progress, quiz, solution, reset, watch into a pipe, completion."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PATIENCE_S, Language, Mtlearn
from test_cli import is_error

from mtlearn.course.content import load
from mtlearn.course.quiz import Quiz
from mtlearn.learner.progress import Progress, ProgressFile

COURSE = load()
NAMES = [exercise.name for exercise in COURSE.exercises()]
NUMBERED = NAMES[:-1]  # the last is the capstone
FIRST = COURSE.exercises()[0]


def passed(home: Path, name: str, language: str = "python") -> None:
    """Remember a pass."""
    ProgressFile(home, print).change(lambda known: known.exercise(name).note(language, "pass"))


# -- list and progress ----------------------------------------------------------


def test_list(mtlearn: Mtlearn) -> None:
    """Into a pipe goes every lesson, demo and exercise as text, with its state."""
    ended = mtlearn("list", env={"COLUMNS": "300"})
    assert (ended.code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert len(lines) == sum(1 + len(lesson.demos) for lesson in COURSE.lessons()) + len(NAMES)
    assert lines[0].startswith("· lesson 1 ")
    assert all(line.rstrip().endswith(("(not begun)", "(not seen)", "(not passed yet)")) for line in lines)


def test_list_some(mtlearn: Mtlearn) -> None:
    """With words only what has all of them in it is listed; where nothing does, that is said."""
    assert re.findall(r"lesson \d|exercise-\d", mtlearn("list", "between", "lesson").stdout) == ["lesson 5"]
    ended = mtlearn("list", "xyzzy")
    assert (ended.code, ended.stdout.strip()) == (0, "Nothing in the course matches that.")


def test_list_json(mtlearn: Mtlearn, home: Path) -> None:
    """The list as JSON has its version, and for each item its kind, name, title, state and command."""
    passed(home, "exercise-5", "node")
    shown = json.loads(mtlearn("list", "--json").stdout)
    assert list(shown) == ["version", "items"]
    assert shown["version"] == 1
    [item] = [item for item in shown["items"] if item["name"] == "exercise-5"]
    assert item == {
        "kind": "exercise",
        "name": "exercise-5",
        "lesson": 5,
        "title": COURSE.exercise("5").title,
        "state": "passed in JavaScript",
        "done": True,
        "command": "mtlearn check exercise-5",
    }


@pytest.mark.parametrize("columns", ["80", "40"])
def test_progress(mtlearn: Mtlearn, home: Path, columns: str) -> None:
    """progress shows what was done, predicted, answered, tried and learnt, and how long it took."""
    [quiz] = [step for step in COURSE.lesson(5).steps if isinstance(step, Quiz)]
    question = next(question for question in quiz.questions if question.misconceptions)

    def change(known: Progress) -> None:
        known.lesson(5).answers[question.text] = question.right
        known.lesson(5).predicted["predict: nothing: of this course"] = True
        known.exercise("exercise-5").seconds = 4800
        known.exercise("exercise-5").hints = 2

    ProgressFile(home, print).change(change)
    ended = mtlearn("progress", env={"COLUMNS": columns})
    assert (ended.code, ended.stderr) == (0, "")
    words = " ".join(ended.stdout.split())
    assert "1 of 1" in words
    assert "2 hints" in words
    assert "1 h 20 min" in words
    assert "What you know better than many" in words
    assert max(map(len, ended.stdout.splitlines())) <= int(columns)
    assert ended.stdout.splitlines()[-1] == f"Go on: mtlearn lesson {COURSE.lesson_numbers()[0]}"


def test_progress_json(mtlearn: Mtlearn) -> None:
    """progress as JSON has its version and a task for each lesson."""
    shown = json.loads(mtlearn("progress", "--json").stdout)
    assert (shown["version"], [task["task"] for task in shown["tasks"]]) == (1, list(COURSE.lesson_numbers()))


def test_a_demo_was_seen(mtlearn: Mtlearn) -> None:
    """A demo that was run is seen; one run for its JSON is not."""
    mtlearn("demo", "staged-race", "--runtime", "python")
    mtlearn("demo", "lock", "--runtime", "python", "--json")
    done = [item["name"] for item in json.loads(mtlearn("list", "--json").stdout)["items"] if item["done"]]
    assert done == ["staged-race"]


# -- quiz and timeline ----------------------------------------------------------


def test_quiz(mtlearn: Mtlearn, home: Path) -> None:
    """Into a pipe a quiz shows every question with its answer, and nothing else of the lesson; nothing is kept."""
    ended = mtlearn("quiz", "5", env={"COLUMNS": "200"})
    assert (ended.code, ended.stderr) == (0, "")
    [quiz] = [step for step in COURSE.lesson(5).steps if isinstance(step, Quiz)]
    assert ended.stdout.count("The answer is ") == len(quiz.questions)
    assert "Lesson 5 · 1/1 · Quiz" in ended.stdout
    assert "Experiment" not in ended.stdout
    assert list(home.iterdir()) == []


def test_timeline(mtlearn: Mtlearn) -> None:
    """--timeline draws what happened when, for a demo that does not by itself, from the run that the table shows."""
    plain = mtlearn("demo", "staged-race", "--runtime", "python")
    drawn = mtlearn("demo", "staged-race", "--runtime", "python", "--timeline", "--trace", "trace.json")
    assert "When, Python" not in plain.stdout
    assert "When, Python" in drawn.stdout
    spans = [e for e in json.loads(Path("trace.json").read_text())["traceEvents"] if e["ph"] == "X"]
    assert len({span["tid"] for span in spans}) == len(re.findall(r"^ *\S+ \d+ .*█", drawn.stdout, re.MULTILINE))


def test_no_timeline(mtlearn: Mtlearn) -> None:
    """A demo that records no times says so, where --timeline asks for them."""
    ended = mtlearn("demo", "clone-rules", "--runtime", "python", "--timeline")
    assert ended.code == 0
    assert "this demo records no times" in " ".join(ended.stdout.split())


# -- hint, solution, reset ------------------------------------------------------


def test_hint_at_hand(mtlearn: Mtlearn) -> None:
    """Without a name the hint is one for the exercise worked on last, else for the first."""
    assert mtlearn("hint").stdout.splitlines()[-1] == f"For the next one: mtlearn hint {NAMES[0]}"
    mtlearn("check", "exercise-5")
    assert mtlearn("hint").stdout.splitlines()[-1] == "For the next one: mtlearn hint exercise-5"


def test_solution(mtlearn: Mtlearn, home: Path, here: Path, language: Language) -> None:
    """Before a pass the solution is refused, exit code 1, but not --anyway; afterwards it comes with one's own."""
    command = ("solution", "exercise-5", "--runtime", language.name)
    reference = COURSE.exercise("5").solution(language.name).read_text().rstrip("\n")
    refused = mtlearn(*command)
    assert (refused.code, refused.stdout) == (1, "")
    assert is_error(refused.stderr)
    wide = {"COLUMNS": "120"}
    assert mtlearn(*command, "--anyway", env=wide).stdout.split("\n", 1)[1].rstrip("\n") == reference
    mtlearn("init", "mtlearn-exercises")
    (here / "mtlearn-exercises" / "exercise-5" / f"exercise{language.suffix}").write_text("mine\n")
    passed(home, "exercise-5", language.name)
    ended = mtlearn(*command, env=wide)
    assert (ended.code, ended.stderr) == (0, "")
    mine, _, theirs = ended.stdout.partition("The reference solution")
    assert re.match(r"Yours ─+\nmine\n", mine)
    assert theirs.split("\n", 1)[1].rstrip("\n") == reference


def test_reset(mtlearn: Mtlearn, here: Path) -> None:
    """reset --yes puts the starters back in place of what was changed, and keeps that beside them."""
    mtlearn("init", "work")
    folder = here / "work" / "exercise-5"
    for suffix in (".py", ".mjs"):
        (folder / f"exercise{suffix}").write_text("mine")
    (folder / "helper.py").write_text("mine too")
    ended = mtlearn("reset", "exercise-5", "--yes", "--runtime", "node", cwd=folder)
    assert (ended.code, ended.stderr) == (0, "")
    assert re.fullmatch(
        r"exercise\.mjs is the starter again\. What you wrote: exercise-\d{8}-\d{6}\.mjs\n", ended.stdout
    )
    assert (folder / "exercise.py").read_text() == "mine"
    ended = mtlearn("reset", "exercise-5", "--yes", cwd=folder)
    assert ended.stdout.startswith("exercise.py is the starter again.")
    for kind, suffix in (("python", ".py"), ("node", ".mjs")):
        assert (folder / f"exercise{suffix}").read_bytes() == COURSE.exercise("5").starter(kind).read_bytes()
        assert [path.read_text() for path in folder.glob(f"exercise-*{suffix}")] == ["mine"]
    assert (folder / "helper.py").read_text() == "mine too"
    assert mtlearn("reset", "exercise-5", cwd=folder).stdout.startswith("Nothing to reset: exercise-5 is as it was")


def test_reset_asks(mtlearn: Mtlearn, here: Path) -> None:
    """Where nobody can be asked, nothing is reset; exit code 2."""
    mtlearn("init", "work")
    mine = here / "work" / "exercise-5" / "exercise.py"
    mine.write_text("mine")
    ended = mtlearn("reset", "exercise-5", "--workspace", "work")
    assert ended.code == 2
    assert is_error(ended.stderr)
    assert mine.read_text() == "mine"


def test_reset_without_anything(mtlearn: Mtlearn, here: Path) -> None:
    """reset makes no workspace; a file that was deleted comes back."""
    ended = mtlearn("reset", "exercise-5")
    assert (ended.code, ended.stdout[:16]) == (0, "Nothing to reset")
    assert list(here.iterdir()) == []
    mtlearn("init", "work")
    (here / "work" / "exercise-5" / "exercise.py").unlink()
    ended = mtlearn("reset", "exercise-5", "--workspace", "work")
    assert "work/exercise-5/exercise.py was missing, and is the starter again." in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("solution", "exercise-99"), "There is no exercise `exercise-99`."),
        (("reset", "exercise-99"), "There is no exercise `exercise-99`."),
        (("watch", "exercise-99"), "There is no exercise `exercise-99`."),
        (("quiz", "99"), "There is no lesson `99`."),
        (("quiz", "x"), "There is no lesson `x`."),
        (("watch", "--runtime", "nod"), "There is no runtime `nod`."),
        (("solution", "5", "--runtime", "nod"), "There is no runtime `nod`."),
        (("reset", "5", "--runtime", "nod"), "There is no runtime `nod`."),
    ],
)
def test_wrong_names(mtlearn: Mtlearn, arguments: tuple[str, ...], message: str) -> None:
    """An unknown name: message, cause and fix on stderr, nothing on stdout, exit code 2."""
    ended = mtlearn(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert is_error(ended.stderr)
    assert ended.stderr.startswith(message)


# -- watch, as text -------------------------------------------------------------


class Watching:
    """`mtlearn watch` with a pipe at both ends."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mtlearn", "watch", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "200"},
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.shown = ""
        self._read_to = 0

    def wait_for(self, text: str) -> None:
        """Read until this text appears, after whatever was waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        assert self.process.stdout is not None
        while (found := self.shown.find(text, self._read_to)) < 0:
            assert time.monotonic() < deadline, f"{text!r} does not appear after:\n{self.shown[self._read_to :]}"
            self.shown += (self.process.stdout.read() or b"").decode()
            time.sleep(0.01)
        self._read_to = found + len(text)

    def type(self, text: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def end(self) -> int:
        """Wait for its end; the exit code."""
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def watching(here: Path) -> Iterator[Watching]:
    """It watches the first exercise, with a file that is not written yet."""
    process = Watching()
    yield process
    process.process.kill()
    process.process.communicate()


def save(here: Path, content: bytes) -> None:
    """Save the first exercise as an editor does that puts another file in its place."""
    file = here / "mtlearn-exercises" / FIRST.name / "exercise.py"
    new = file.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, file)


def test_watch(watching: Watching, here: Path, home: Path, temporary: Path) -> None:
    """Every save gets its verdict; letters do what their line says; q ends it, and nothing is left."""
    watching.wait_for("h hint · s solution · l list · n next exercise · r again · q quit, each with Enter")
    watching.wait_for(f"{FIRST.title} · Python 3.")
    watching.wait_for("Save to check again.")
    assert "It is not written yet" in watching.shown
    watching.type("s")
    watching.wait_for(f"{FIRST.name} is not passed yet.")
    watching.type("h")
    watching.wait_for("Hint 1 of 3")
    save(here, FIRST.solution("python").read_bytes())
    watching.wait_for("Passed: all")
    watching.wait_for(f"n goes on to {NAMES[1]}.")
    watching.type("s")
    watching.wait_for("The reference solution")
    watching.type("l")
    watching.wait_for(f"{NAMES[-1]} ")
    watching.type("r")
    watching.wait_for("Passed: all")
    watching.type("n")
    watching.wait_for(COURSE.exercises()[1].title)
    watching.type("q")
    assert watching.end() == 0
    assert list(temporary.iterdir()) == []
    known = ProgressFile(home, print).read().exercise(FIRST.name)
    assert (known.status, known.attempts, known.hints) == ({"python": "pass"}, {"python": 3}, 1)


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_watch_ends_by_ctrl_c(watching: Watching, here: Path, temporary: Path) -> None:
    """Ctrl-C while a file is graded that does not end: code 130, and nothing is left."""
    watching.wait_for("Save to check again.")
    save(here, b"while True: pass\n")
    watching.wait_for("exercise.py")
    watching.process.send_signal(signal.SIGINT)
    assert watching.end() == 130
    watching.wait_for("Interrupted.")
    assert "Traceback" not in watching.shown
    assert list(temporary.iterdir()) == []


# -- completion -----------------------------------------------------------------

COMPLETED = {
    "mtlearn demo sta": ["staged-race"],
    "mtlearn lesson ": [str(number) for number in COURSE.lesson_numbers()],
    "mtlearn quiz 5": ["5"],
    "mtlearn check exercise-5": ["exercise-5"],
    "mtlearn hint e": NUMBERED,
    "mtlearn solution e": NUMBERED,
    "mtlearn reset e": NUMBERED,
    "mtlearn watch e": NUMBERED,
    "mtlearn wat": ["watch"],
    "mtlearn play lost-u": ["lost-update"],
    "mtlearn play exercise-5": ["exercise-5"],
    "mtlearn check 5": ["5"],
    "mtlearn check cap": ["capstone"],
    "mtlearn play Cap": ["Capstone"],
    "mtlearn check ex5": ["ex5"],
    "mtlearn check exercise5": ["exercise5"],
    "mtlearn check exercise_05": ["exercise_05"],
    "mtlearn hint fi": ["five"],
    "mtlearn reset 05": ["05"],
    "mtlearn lesson lesson-5": ["lesson-5"],
    "mtlearn lesson L5": ["L5"],
    "mtlearn quiz fi": ["five"],
    "mtlearn demo Ra": ["Race"],
    "mtlearn demo promise_": ["promise_all"],
    "mtlearn check mtlearn-ex": [],
}

COMPLETE = """
import atexit, sys
slow = {'numpy', 'pytest', 'asyncio', 'psutil', 'rich', 'textual'}
atexit.register(lambda: print(sorted(slow & sys.modules.keys()), file=sys.stderr))
sys.argv[:] = ['mtlearn']
from mtlearn.cli import main
main()
"""


@pytest.mark.parametrize("line", COMPLETED)
def test_completion(line: str) -> None:
    """The shell completes names of lessons, demos and exercises, and nothing slow is imported for that."""
    words = line.split()
    number = len(words) - (not line.endswith(" "))
    env = {"_MTLEARN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(number)}
    ended = subprocess.run(
        [sys.executable, "-c", COMPLETE], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == COMPLETED[line]
    assert ended.stderr == "[]\n"


def test_completion_tells_titles() -> None:
    """Where the shell can show them, what is completed has its title beside it, in every form."""
    env = {"_MTLEARN_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "mtlearn check ex5"}
    env["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    ended = subprocess.run(
        [sys.executable, "-c", COMPLETE], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == f"ex5\t{COURSE.exercise('5').title}"
