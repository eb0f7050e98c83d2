"""`mtlearn check`: verdicts, files and exit codes, as a process."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import Language, Mtlearn, NodelessPython
from test_cli import is_error

from mtlearn.course.content import load
from mtlearn.course.mutants import find
from mtlearn.lab.runtime import NODE_HELP, Runtime

COURSE = load()
SOLUTION = {name: load().exercise("5").solution(name) for name in ("python", "node")}


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


def test_a_replay_is_the_same_each_time(mtlearn: Mtlearn, here: Path, language: Language) -> None:
    """--replay shows the order that was found before, byte for byte the same each time: it tells no seconds."""
    wrong = find(
        COURSE.exercise("5"), f"{language.choose('plus_equals_is_atomic', 'plus_plus_is_atomic')}{language.suffix}"
    )
    file = wrong.write(here)
    order = here / "order.json"
    found = mtlearn("check", "exercise-5", "--file", file, "--json").stdout
    order.write_text(found, encoding="utf-8")
    again, once_more = (
        mtlearn("check", "exercise-5", "--file", file, "--replay", order, "--json").stdout for _ in range(2)
    )
    assert again == once_more
    shown = json.loads(again)
    assert shown["seconds"] is None
    [interleaving] = [check["interleaving"] for check in shown["checks"] if check["interleaving"]]
    assert interleaving in [check["interleaving"] for check in json.loads(found)["checks"]]


def test_check_json(mtlearn: Mtlearn, language: Language) -> None:
    """--json writes one object with the names of version 1, and nothing else, also the first time."""
    ended = mtlearn("check", "exercise-5", "--runtime", language.name, "--json")
    assert (ended.code, ended.stderr) == (1, "")
    shown = json.loads(ended.stdout)
    assert list(shown) == ["version", "exercise", "runtime", "file", "status", "checks", "seconds"]
    assert (shown["version"], shown["exercise"], shown["runtime"], shown["status"]) == (
        1, "exercise-5", language.name, "fail")  # fmt: skip
    for check in shown["checks"]:
        assert list(check) == ["name", "label", "status", "message", "help", "scope", "interleaving", "unwritten"]
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
        (("--file", "mine.py", "--runtime", "node"), "mine.py cannot be run with --runtime node.", "Python"),
        (("--file", "mine.mjs", "--runtime", "python"), "mine.mjs cannot be run with --runtime python.", "JavaScr"),
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
