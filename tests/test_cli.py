"""mtlearn.cli: every command as a real process, with its output and its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PATIENCE_S, ROOT, Mtlearn, NodelessPython

from mtlearn import __version__
from mtlearn.course.content import load
from mtlearn.lab.runtime import NODE_HELP, Runtime
from mtlearn.learner.progress import Progress, ProgressFile

COURSE = load()
FIRST = COURSE.lesson_numbers()[0]
STARTERS = 3 * len(COURSE.exercises())
SOLUTION = {name: load().exercise("5").solution(name) for name in ("python", "node")}
COMMANDS = (
    "lesson",
    "quiz",
    "demo",
    "compare",
    "check",
    "hint",
    "solution",
    "reset",
    "watch",
    "kata",
    "list",
    "progress",
    "init",
    "doctor",
)
STAGED = ("demo", "staged-race", "--runtime", "python")


def is_error(text: str) -> bool:
    """Whether this is a message, its cause and its fix, and nothing else."""
    return re.fullmatch(r"\S.*\n  cause: \S.*\n  fix:   \S.*\n", text) is not None


# -- no command -----------------------------------------------------------------


def test_version(mtlearn: Mtlearn) -> None:
    """--version says name and version."""
    ended = mtlearn("--version")
    assert (ended.code, ended.stdout, ended.stderr) == (0, f"mtlearn {__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(mtlearn: Mtlearn, option: str) -> None:
    """--help lists every command."""
    ended = mtlearn(option)
    assert ended.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", ended.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(mtlearn: Mtlearn, command: str) -> None:
    """Every command has its own help, without colours in a pipe."""
    ended = mtlearn(command, "--help")
    assert ended.code == 0
    assert f"mtlearn {command}" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_the_first_minute(mtlearn: Mtlearn) -> None:
    """On a fresh machine `mtlearn` says in five lines what it is, and on the last one where to begin."""
    ended = mtlearn(env={"COLUMNS": "80"})
    assert (ended.code, ended.stderr) == (0, "")
    *told, empty, begin = ended.stdout.splitlines()
    assert (len(told), empty, begin) == (5, "", f"Begin: mtlearn lesson {FIRST}")
    assert "10 lessons, 11 exercises" in ended.stdout


def test_standing(mtlearn: Mtlearn, home: Path) -> None:
    """Later it shows a bar for each lesson, its exercise under it, and on the last line the next command."""
    lesson = COURSE.lesson(5)

    def begin(known: Progress) -> None:
        known.lesson(5).step = lesson.steps[len(lesson.steps) // 2].key

    ProgressFile(home, print).change(begin)
    ended = mtlearn(env={"COLUMNS": "80", "LINES": "5"})
    assert (ended.code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == "mtlearn · done: 0 of 10 lessons, 0 of 11 exercises"
    at = next(n for n, line in enumerate(lines) if line.endswith(lesson.title))
    assert lines[at] == f" 5 ████···· {lesson.title}"
    assert lines[at + 1] == f"            · {COURSE.exercise('5').title} (not passed yet)"
    assert len(lines) == 22
    assert lines[-1] == f"Go on: mtlearn lesson {FIRST}"


def test_standing_after_a_pass(mtlearn: Mtlearn, home: Path, here: Path) -> None:
    """What was passed and finished is remembered, and the next command is another."""
    mtlearn("check", "exercise-5")
    (here / "mtlearn-exercises" / "exercise-5" / "exercise.py").write_bytes(SOLUTION["python"].read_bytes())
    assert mtlearn("check", "exercise-5").code == 0

    def finish(known: Progress) -> None:
        for number in COURSE.lesson_numbers():
            known.lesson(number).finished = True
        for exercise in COURSE.exercises():
            known.exercise(exercise.name).status.setdefault("node", "pass")

    ProgressFile(home, print).change(finish)
    ended = mtlearn(env={"COLUMNS": "120"})
    assert "(passed in Python and JavaScript)" in ended.stdout
    assert ended.stdout.count("████████") == len(COURSE.lesson_numbers())
    assert ended.stdout.splitlines()[-1] == "Go on: mtlearn demo --list"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "`nothing` is not a command."),
        (("--nothing",), "No such option"),
        (("demo", "race", "--threads", "many"), "'many' is not a valid int"),
        (("check", "exercise-5", "--file"), "requires an argument"),
    ],
)
def test_wrong_usage(mtlearn: Mtlearn, arguments: tuple[str, ...], told: str) -> None:
    """A wrong command, option or argument is told on stderr; exit code 2."""
    ended = mtlearn(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert told in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "fix"),
    [
        (("lesson", "x"), "There is no lesson `x`.", "Choose one of 1 to 10."),
        (("lesson", "fife"), "There is no lesson `fife`.", "Choose one of 1 to 10."),
        (("lesson", "-5"), None, None),
        (("demo", "rase"), "There is no demo `rase`.", "Did you mean `race`? mtlearn demo race"),
        (("demo", "rase", "--source"), "There is no demo `rase`.", "Did you mean `race`?"),
        (("check", "exercice-6"), "There is no exercise `exercice-6`.", "Did you mean `exercise-6`?"),
        (("hint", "exercize-5"), "There is no exercise `exercize-5`.", "Did you mean `exercise-5`?"),
        (("demo", "race", "--threads", "1"), "--threads 1 is out of range.", "Leave the option out (4)"),
        (("demo", "race", "--threads", "17"), "--threads 17 is out of range.", "Leave the option out (4)"),
        (("demo", "race", "--seconds", "0"), "--seconds 0 is out of range.", "Leave the option out (0.25)"),
        (("demo", "race", "--seconds", "nan"), "--seconds nan is out of range.", "Leave the option out (0.25)"),
        (("demo", "lock", "--seconds", "1"), "The demo lock takes no --seconds.", "mtlearn demo lock"),
        (("check", "5", "--runtime", "nod"), "There is no runtime `nod`.", "Did you mean `node`? --runtime node"),
    ],
)
def test_wrong_names_and_values(
    mtlearn: Mtlearn, arguments: tuple[str, ...], message: str | None, fix: str | None
) -> None:
    """An unknown name or a value out of range: message, cause and fix on stderr, nothing on stdout, exit code 2."""
    ended = mtlearn(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    if message and fix:
        assert is_error(ended.stderr)
        assert ended.stderr.startswith(message)
        assert f"fix:   {fix}" in ended.stderr


# -- hint, init, doctor ---------------------------------------------------------


def test_hints(mtlearn: Mtlearn) -> None:
    """Each call gives the next hint, up to the last, which stays."""
    shown = [mtlearn("hint", "exercise-5") for _ in range(4)]
    assert [ended.code for ended in shown] == [0] * 4
    assert [re.search(r"Hint \d of 3", ended.stdout) is not None for ended in shown] == [True] * 4
    assert [ended.stdout[:10] for ended in shown] == ["Hint 1 of ", "Hint 2 of ", "Hint 3 of ", "Hint 3 of "]
    assert shown[0].stdout.splitlines()[-1] == "For the next one: mtlearn hint exercise-5"
    assert shown[2].stdout.splitlines()[-1] == "That was the last hint."


def test_init(mtlearn: Mtlearn, here: Path) -> None:
    """init makes a workspace with every starter, says what is new, and a second one changes nothing."""
    ended = mtlearn("init", "work")
    assert (ended.code, ended.stderr) == (0, "")
    assert "work/exercise-5/exercise.py" in ended.stdout.splitlines()
    assert f"Your workspace is work: {STARTERS} files are new, 0 were there." in ended.stdout
    mine = here / "work" / "exercise-5" / "exercise.py"
    mine.write_text("mine")
    again = mtlearn("init", "work")
    assert f"0 files are new, {STARTERS} were there." in again.stdout
    assert mine.read_text() == "mine"


def test_init_where_a_file_is(mtlearn: Mtlearn, here: Path) -> None:
    """init on a file is reported; exit code 3."""
    (here / "work").touch()
    ended = mtlearn("init", "work")
    assert ended.code == 3
    assert is_error(ended.stderr)


def test_doctor(mtlearn: Mtlearn, node: Runtime) -> None:
    """doctor shows the runtimes found, the GIL, the cores that are free, and where things are kept."""
    ended = mtlearn("doctor", env={"COLUMNS": "200"})
    assert (ended.code, ended.stderr) == (0, "")
    assert re.search(r"Python +\d+\.\d+\.\d+, with(out)? a GIL", ended.stdout)
    assert f"{node.version} ({node.executable})" in ended.stdout
    assert re.search(r"cores +\d+\.\d of \d+ free now \(measured\)", ended.stdout)
    assert "workspace" in ended.stdout


def test_doctor_json(mtlearn: Mtlearn) -> None:
    """doctor as JSON has its version."""
    shown = json.loads(mtlearn("doctor", "--json").stdout)
    assert shown["version"] == 1
    assert {"Python", "Node.js", "cores", "atomics", "workspace", "progress"} <= {f["what"] for f in shown["facts"]}


def test_doctor_without_node(mtlearn: Mtlearn, nodeless: NodelessPython) -> None:
    """doctor says how to get Node.js where there is none; the Python half works, so the exit code is 0."""
    ended = mtlearn("doctor", python=nodeless.executable, env={**nodeless.env, "COLUMNS": "200"})
    assert ended.code == 0
    assert f"✗ Node.js There is no `node` on PATH: {NODE_HELP}" in " ".join(ended.stdout.split())


def test_doctor_where_nothing_can_be_written(mtlearn: Mtlearn, home: Path) -> None:
    """doctor tells where progress cannot be kept, with the variable that changes it; exit code 3."""
    (home / "file").touch()
    ended = mtlearn("doctor", env={"MTLEARN_HOME": str(home / "file"), "COLUMNS": "300"})
    assert ended.code == 3
    assert "cannot be written: choose another folder with MTLEARN_HOME" in ended.stdout


# -- terminals of all kinds -----------------------------------------------------

SHORT = [
    (), ("demo", "--list"), STAGED, ("check", "exercise-5"), ("hint", "exercise-5"), ("doctor",),
    ("list",), ("progress",),
    ("demo", "race", "--source"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", SHORT[:-1], ids=" ".join)
def test_forty_columns(mtlearn: Mtlearn, arguments: tuple[str, ...]) -> None:
    """On 40 columns no line is longer."""
    ended = mtlearn(*arguments, env={"COLUMNS": "40"})
    assert ended.code in (0, 1)
    assert [line for line in ended.stdout.splitlines() if len(line) > 40] == []


@pytest.mark.parametrize("arguments", SHORT, ids=" ".join)
def test_ascii(mtlearn: Mtlearn, arguments: tuple[str, ...]) -> None:
    """Under an ASCII encoding everything is written, in ASCII."""
    ended = mtlearn(*arguments, env={"PYTHONIOENCODING": "ascii"})
    assert ended.code in (0, 1)
    assert ended.stdout.isascii()
    assert "Traceback" not in ended.stderr


def test_ascii_errors(mtlearn: Mtlearn) -> None:
    """An error about a name that the encoding lacks is told all the same."""
    ended = mtlearn("demo", "räce", env={"PYTHONIOENCODING": "ascii"})
    assert ended.code == 2
    assert ended.stderr.startswith("There is no demo `r?ce`.")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"CI": "true"}, {}], ids=str)
@pytest.mark.parametrize("arguments", [("demo", "--list"), ("check", "exercise-5"), ("demo", "race", "--source")])
def test_a_pipe_is_plain(mtlearn: Mtlearn, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    """Into a pipe goes text alone."""
    assert "\x1b" not in mtlearn(*arguments, env=env).stdout


@pytest.mark.parametrize("arguments", [("demo", "--list"), ("check", "exercise-5"), ("demo", "race", "--source")])
def test_no_color(mtlearn: Mtlearn, arguments: tuple[str, ...]) -> None:
    """With NO_COLOR there is no colour, even where one is forced; letters may be bold, dim or underlined."""
    shown = mtlearn(*arguments, env={"NO_COLOR": "1", "FORCE_COLOR": "1"}).stdout
    assert set(re.findall(r"\x1b\[([0-9;]*)m", shown)) <= {"0", "1", "2", "3", "4"}


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is POSIX")
@pytest.mark.parametrize("arguments", [("demo", "race", "--source"), ("demo", "--list"), ("--help",), ("--version",)])
def test_a_reader_that_goes_away(arguments: tuple[str, ...]) -> None:
    """When the reader of the output goes away, as in `| head -1`, the command ends without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as stream:
        ended = subprocess.run(
            [sys.executable, "-m", "mtlearn", *arguments], stdout=stream, stderr=subprocess.PIPE, timeout=PATIENCE_S
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_another_folder(mtlearn: Mtlearn) -> None:
    """The course is found from wherever the command runs."""
    assert mtlearn("demo", "--list", cwd=ROOT.parent).code == 0
