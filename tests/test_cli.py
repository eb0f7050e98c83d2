"""mtlearn.cli: every command as a real process, with its output and its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Language, Mtlearn, NodelessPython

from mtlearn import __version__
from mtlearn.course.content import load
from mtlearn.lab.runtime import NODE_HELP, Runtime
from mtlearn.learner.progress import Progress, ProgressFile

COURSE = load()
FIRST = COURSE.lesson_numbers()[0]
DEMOS = [(demo, lesson.number) for lesson in COURSE.lessons() for demo in lesson.demos]
STARTERS = 3 * len(COURSE.exercises())
SOLUTION = {name: load().exercise("5").solution(name) for name in ("python", "node")}
COMMANDS = (
    "lesson",
    "quiz",
    "demo",
    "check",
    "hint",
    "solution",
    "reset",
    "watch",
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
    """Every command has a help of its own, without colours in a pipe."""
    ended = mtlearn(command, "--help")
    assert ended.code == 0
    assert f"mtlearn {command}" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_standing(mtlearn: Mtlearn) -> None:
    """Without a command stands how far the learner is, and on the last line the next command."""
    ended = mtlearn(env={"COLUMNS": "120"})
    assert ended.code == 0
    assert re.search(r"lesson 5 +Sharing memory between threads \(not begun\)", ended.stdout)
    assert "(not passed yet)" in ended.stdout
    assert ended.stdout.splitlines()[-1] == f"Go on: mtlearn lesson {FIRST}"


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
    assert "(not begun)" not in ended.stdout
    assert "(finished)" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "Go on: mtlearn demo --list"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "No such command 'nothing'"),
        (("--nothing",), "No such option"),
        (("check",), "Missing argument 'EXERCISE'"),
        (("lesson",), "Missing argument 'NUMBER'"),
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
        (("lesson", "x"), "There is no lesson `x`.", "`mtlearn` shows them all."),
        (("lesson", "five"), "There is no lesson `five`.", "`mtlearn` shows them all."),
        (("lesson", "-5"), None, None),
        (("demo", "rase"), "There is no demo `rase`.", "Did you mean `race`? `mtlearn demo --list` shows them all."),
        (("demo", "rase", "--source"), "There is no demo `rase`.", "Did you mean `race`?"),
        (("check", "exercice-6"), "There is no exercise `exercice-6`.", "Did you mean `exercise-6`?"),
        (("hint", "exercize-5"), "There is no exercise `exercize-5`.", "Did you mean `exercise-5`?"),
        (("demo", "race", "--threads", "1"), "--threads 1 is out of range.", "Leave the option out (4)"),
        (("demo", "race", "--threads", "17"), "--threads 17 is out of range.", "Leave the option out (4)"),
        (("demo", "race", "--seconds", "0"), "--seconds 0 is out of range.", "Leave the option out (0.25)"),
        (("demo", "race", "--seconds", "nan"), "--seconds nan is out of range.", "Leave the option out (0.25)"),
        (("demo", "lock", "--seconds", "1"), "The demo lock takes no --seconds.", "Leave the option out."),
        (("check", "5", "--runtime", "nod"), "There is no runtime `nod`.", "Did you mean `node`?"),
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


# -- lesson ---------------------------------------------------------------------


def test_lesson_into_a_pipe(mtlearn: Mtlearn, node: Runtime, home: Path) -> None:
    """Into a pipe a lesson shows everything, runs every demo in both runtimes, ends by itself and keeps nothing."""
    ended = mtlearn("lesson", "5", env={"COLUMNS": "100"})
    assert (ended.code, ended.stderr) == (0, "")
    lesson = load().lesson(5)
    for number, _ in enumerate(lesson.steps, 1):
        assert f"Lesson 5 · {number}/{len(lesson.steps)} · " in ended.stdout
    for demo in lesson.demos:
        assert f"Experiment: {demo.name}" in ended.stdout
    assert ended.stdout.count("Claims, Python") == ended.stdout.count("Claims, Node.js") == len(lesson.demos)
    assert "\x1b" not in ended.stdout
    assert ended.stdout.splitlines()[-1] == "Go on: mtlearn check exercise-5"
    assert list(home.iterdir()) == []


# -- demo -----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--list",), ("race", "--list")])
def test_demo_list(mtlearn: Mtlearn, arguments: tuple[str, ...]) -> None:
    """Without a name the demos are listed, each with what it shows."""
    ended = mtlearn("demo", *arguments)
    assert ended.code == 0
    assert re.findall(r"^  ([a-z-]+)  ", ended.stdout, re.MULTILINE) == [demo.name for demo, _ in DEMOS]


def test_demo_list_json(mtlearn: Mtlearn) -> None:
    """The list as JSON has its version."""
    shown = json.loads(mtlearn("demo", "--list", "--json").stdout)
    assert shown["version"] == 1
    assert [(each["demo"], each["lesson"]) for each in shown["demos"]] == [
        (demo.name, number) for demo, number in DEMOS
    ]


def test_demo_json(mtlearn: Mtlearn, node: Runtime) -> None:
    """A demo as JSON has exactly the names of version 1, for both runtimes, and its figures are free of luck."""
    ended = mtlearn("demo", "staged-race", "--threads", "3", "--json")
    assert (ended.code, ended.stderr) == (0, "")
    shown = json.loads(ended.stdout)
    assert list(shown) == ["version", "demo", "cores_free", "runs"]
    assert (shown["version"], shown["demo"]) == (1, "staged-race")
    assert shown["cores_free"] > 0
    assert [run["kind"] for run in shown["runs"]] == ["python", "node"]
    for run in shown["runs"]:
        assert list(run) == ["runtime", "kind", "seconds", "rows", "reason", "gauges", "claims"]
        assert run["reason"] is None
        staged, locked = run["rows"]
        assert {"variant", "threads", "expected", "actual", "lost", "lost_share"} <= staged.keys()
        assert len(set(staged["threads"])) == 3
        assert (staged["expected"], staged["actual"], staged["lost"]) == (3000, 1000, 2000)
        assert (locked["expected"], locked["actual"], locked["lost"]) == (3000, 3000, 0)
        assert [(claim["holds"], list(claim)) for claim in run["claims"]] == [(True, ["text", "holds", "detail"])] * 2
    assert shown["runs"][1]["runtime"] == node.label


def test_demo_table(mtlearn: Mtlearn) -> None:
    """A demo shows its table, its claims and the cores that were free."""
    ended = mtlearn(*STAGED, env={"COLUMNS": "120"})
    assert ended.code == 0
    assert re.search(r"read \| barrier \| write +[\d ]+ 2,000 +1,000 +1,000 +50\.0 %", ended.stdout)
    assert ended.stdout.count("✓ holds: ") == 2
    assert re.search(r"Cores free when this ran: \d+\.\d\.", ended.stdout)


def test_demo_without_node(mtlearn: Mtlearn, nodeless: NodelessPython) -> None:
    """Without Node.js the Python half runs, and one line says how to get the other; exit code 0."""
    ended = mtlearn("demo", "staged-race", "--json", python=nodeless.executable, env=nodeless.env)
    assert ended.code == 0
    python, node = json.loads(ended.stdout)["runs"]
    assert python["reason"] is None
    assert len(python["rows"]) == 2
    assert (node["runtime"], node["kind"], node["rows"], node["claims"]) == ("Node.js", "node", [], [])
    assert node["reason"] == f"There is no `node` on PATH: {NODE_HELP}"


def test_demo_in_another_python(mtlearn: Mtlearn) -> None:
    """--runtime PATH runs a demo in another Python, beside the others."""
    ended = mtlearn(*STAGED, "--runtime", sys.executable, "--json")
    assert ended.code == 0
    kinds = [(run["kind"], len(run["rows"])) for run in json.loads(ended.stdout)["runs"]]
    assert kinds == [("python", 2), ("python", 2)]


def test_demo_in_a_runtime_that_is_not_there(mtlearn: Mtlearn, here: Path) -> None:
    """--runtime with a path that does not work is told before anything runs; exit code 3."""
    ended = mtlearn("demo", "race", "--runtime", here / "nothing")
    assert (ended.code, ended.stdout) == (3, "")
    assert is_error(ended.stderr)
    assert f"{here / 'nothing'} did not work: No such file or directory." in ended.stderr


@pytest.mark.parametrize(("name", "kind"), [(demo.name, kind) for demo, _ in DEMOS for kind in demo.runtimes])
def test_demo_source(mtlearn: Mtlearn, name: str, kind: str) -> None:
    """--source writes the script as it is, lines of any length too: in a file, it runs."""
    lesson, demo = load().demo(name)
    ended = mtlearn("demo", name, "--source", "--runtime", kind, env={"COLUMNS": "40"})
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.rstrip("\n") == lesson.script(demo, kind).read_text(encoding="utf-8").rstrip("\n")


def test_demo_source_in_colour(mtlearn: Mtlearn) -> None:
    """--source is highlighted where there is colour."""
    ended = mtlearn("demo", "race", "--source", "--runtime", "python", env={"FORCE_COLOR": "1"})
    assert "\x1b[" in ended.stdout


def test_demo_trace(mtlearn: Mtlearn, here: Path) -> None:
    """--trace writes a file of Chrome trace events and says where."""
    ended = mtlearn(*STAGED, "--trace", "trace.json")
    assert ended.code == 0
    assert "The trace is in trace.json" in ended.stdout
    events = json.loads((here / "trace.json").read_text())["traceEvents"]
    spans = [event for event in events if event["ph"] == "X"]
    assert {event["tid"] for event in spans} == {1, 2, 3, 4}  # two threads for each of two variants
    assert all(event["dur"] > 0 and event["ts"] >= 0 for event in spans)
    assert {event["name"] for event in events if event["ph"] == "M"} == {"process_name", "thread_name"}


def test_demo_trace_that_cannot_be_written(mtlearn: Mtlearn) -> None:
    """A trace that cannot be written is told before the demo runs; exit code 3."""
    ended = mtlearn(*STAGED, "--trace", "no/such/folder/trace.json")
    assert (ended.code, ended.stdout) == (3, "")
    assert is_error(ended.stderr)
    assert ended.stderr.startswith("no/such/folder/trace.json cannot be written.")


# -- check ----------------------------------------------------------------------


def test_first_check(mtlearn: Mtlearn, here: Path, language: Language) -> None:
    """The first check makes a workspace, puts the starters there, says so, grades them and names the file to edit."""
    ended = mtlearn("check", "exercise-5", "--runtime", language.name, env={"COLUMNS": "120"})
    file = Path("mtlearn-exercises", "exercise-5", f"exercise{language.suffix}")
    assert (ended.code, ended.stderr) == (1, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == "A workspace for your exercises was made: mtlearn-exercises"
    assert f"  {file}" in lines
    assert "It is not written yet" in ended.stdout
    assert f"Edit {file}, then check again. Stuck? mtlearn hint exercise-5" in ended.stdout
    assert lines[-1] == language.choose(
        "The same exercise in JavaScript: mtlearn check exercise-5 --runtime node",
        "The same exercise in Python: mtlearn check exercise-5",
    )
    assert (here / file).read_bytes() == load().exercise("5").starter(language.name).read_bytes()


def test_second_check(mtlearn: Mtlearn, here: Path, language: Language) -> None:
    """The next check finds the workspace from inside, keeps what was edited, and passes what is right: exit code 0."""
    mtlearn("init", "work")
    folder = here / "work" / "exercise-5"
    (folder / f"exercise{language.suffix}").write_bytes(SOLUTION[language.name].read_bytes())
    ended = mtlearn("check", "exercise-5", "--runtime", language.name, cwd=folder)
    assert (ended.code, ended.stderr) == (0, "")
    assert "workspace" not in ended.stdout
    assert re.search(r"^Passed: all \d+ checks, in \d+\.\d s\.$", ended.stdout, re.MULTILINE)
    assert (folder / f"exercise{language.suffix}").read_bytes() == SOLUTION[language.name].read_bytes()


def test_check_json(mtlearn: Mtlearn, language: Language) -> None:
    """--json writes one object with the names of version 1, and nothing else, also the first time."""
    ended = mtlearn("check", "exercise-5", "--runtime", language.name, "--json")
    assert (ended.code, ended.stderr) == (1, "")
    shown = json.loads(ended.stdout)
    assert list(shown) == ["version", "exercise", "runtime", "file", "status", "checks", "seconds"]
    assert (shown["version"], shown["exercise"], shown["runtime"], shown["status"]) == (
        1, "exercise-5", language.name, "fail")  # fmt: skip
    for check in shown["checks"]:
        assert list(check) == ["name", "label", "status", "message", "help", "scope", "interleaving"]
        assert check["status"] in ("pass", "fail", "unchecked")


@pytest.mark.parametrize("place", ["outside", "inside"])
def test_check_another_file(mtlearn: Mtlearn, here: Path, home: Path, language: Language, place: str) -> None:
    """--file grades any file, by its suffix, makes no workspace and changes no progress."""
    file = here / f"whatever{language.suffix}"
    file.write_bytes(SOLUTION[language.name].read_bytes())
    given = file.name if place == "inside" else str(file)
    ended = mtlearn("check", "exercise-5", "--file", given, cwd=here if place == "inside" else home)
    assert ended.code == 0
    assert os.listdir(here) == [file.name]
    assert list(home.iterdir()) == []


def test_check_javascript_called_js(mtlearn: Mtlearn, here: Path, node: Runtime) -> None:
    """A file called .js is JavaScript too, and an ES module where its package says so."""
    (here / "package.json").write_text('{"type": "module"}')
    (here / "mine.js").write_bytes(SOLUTION["node"].read_bytes())
    assert mtlearn("check", "exercise-5", "--file", "mine.js").code == 0


@pytest.mark.parametrize(
    ("arguments", "message", "cause"),
    [
        (("--file", "mine.txt"), "mine.txt is neither Python nor JavaScript.", "Its name does not end in"),
        (("--file", "mine"), "mine is neither Python nor JavaScript.", "Its name does not end in"),
        (("--file", "missing.py"), "missing.py cannot be graded.", "It cannot be read: No such file or directory."),
        (("--file", "folder.py"), "folder.py cannot be graded.", "It cannot be read: Is a directory."),
        (("--file", "mine.py", "--runtime", "node"), "mine.py cannot be graded with --runtime node.", "Python"),
        (("--file", "mine.mjs", "--runtime", "python"), "mine.mjs cannot be graded with --runtime python.", "JavaScr"),
    ],
)
def test_check_a_wrong_file(mtlearn: Mtlearn, here: Path, arguments: tuple[str, ...], message: str, cause: str) -> None:
    """A file that cannot be graded: message, cause and fix; exit code 2."""
    (here / "folder.py").mkdir()
    for name in ("mine.txt", "mine", "mine.py", "mine.mjs"):
        (here / name).touch()
    ended = mtlearn("check", "exercise-5", *arguments)
    assert ended.code == 2
    assert is_error(ended.stderr)
    assert ended.stderr.startswith(message)
    assert cause in ended.stderr


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"\xff\xfe" + bytes(range(256)), b"\x7fELF" * 1000], ids=repr
)
def test_check_a_file_of_nonsense(mtlearn: Mtlearn, here: Path, language: Language, content: bytes) -> None:
    """An empty or binary file fails with a true message, like any other wrong file."""
    (here / f"mine{language.suffix}").write_bytes(content)
    ended = mtlearn("check", "exercise-5", "--file", f"mine{language.suffix}", "--json")
    assert (ended.code, ended.stderr) == (1, "")
    first = json.loads(ended.stdout)["checks"][0]
    assert first["status"] == "fail"
    assert first["message"].startswith(f"mine{language.suffix} ")
    if not content:
        assert "has no `" in first["message"]


def test_check_without_node(mtlearn: Mtlearn, nodeless: NodelessPython, here: Path) -> None:
    """Without Node.js the JavaScript exercise is told how to get it: exit code 3, and nothing is made."""
    ended = mtlearn("check", "5", "--runtime", "node", python=nodeless.executable, env=nodeless.env)
    assert (ended.code, ended.stdout) == (3, "")
    assert ended.stderr == (f"Node.js was not found.\n  cause: There is no `node` on PATH.\n  fix:   {NODE_HELP}\n")
    assert list(here.iterdir()) == []
    assert mtlearn("check", "5", "--file", SOLUTION["python"], python=nodeless.executable, env=nodeless.env).code == 0


def test_check_where_nothing_can_be_written(mtlearn: Mtlearn, here: Path) -> None:
    """A workspace that cannot be made is told, with the way out; exit code 3."""
    (here / "mtlearn-exercises").touch()
    ended = mtlearn("check", "exercise-5")
    assert (ended.code, ended.stdout) == (3, "")
    assert is_error(ended.stderr)
    assert "mtlearn init DIR" in ended.stderr


def test_damaged_progress_does_not_stop_a_check(mtlearn: Mtlearn, home: Path) -> None:
    """A damaged progress file is kept aside and told, and the verdict is given all the same."""
    (home / "progress.json").write_text("{")
    ended = mtlearn("check", "exercise-5")
    assert ended.code == 1
    assert "It is not written yet" in ended.stdout
    assert ended.stderr.startswith("Your progress file was damaged")
    assert [path.read_text() for path in home.glob("progress.damaged-*.json")] == ["{"]


def test_workspace_option_and_variable(mtlearn: Mtlearn, here: Path) -> None:
    """--workspace and MTLEARN_WORKSPACE choose where the learner's files are."""
    assert mtlearn("check", "exercise-5", "--workspace", "a/b").code == 1
    assert mtlearn("check", "exercise-5", env={"MTLEARN_WORKSPACE": str(here / "c")}).code == 1
    assert (here / "a" / "b" / "exercise-5" / "exercise.py").exists()
    assert (here / "c" / "exercise-5" / "exercise.py").exists()
    assert sorted(os.listdir(here)) == ["a", "c"]


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
    """init on a file is told; exit code 3."""
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
            [sys.executable, "-m", "mtlearn", *arguments], stdout=stream, stderr=subprocess.PIPE, timeout=60
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_another_folder(mtlearn: Mtlearn) -> None:
    """The course is found from wherever the command runs."""
    assert mtlearn("demo", "--list", cwd=ROOT.parent).code == 0
