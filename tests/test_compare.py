"""mtlearn compare, and the runtimes that a machine has."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from conftest import Mtlearn

from mtlearn.course.claim import Measured
from mtlearn.course.content import load
from mtlearn.course.lesson import Column
from mtlearn.experiment import Run
from mtlearn.lab import machine
from mtlearn.lab.machine import runtimes_here
from mtlearn.lab.recording import Recording
from mtlearn.lab.runtime import RuntimeMissing, find, this_python
from mtlearn.render.comparison import comparison
from mtlearn.render.screen import make_screen


def script(file: Path, answer: str) -> Path:
    """An executable that answers every question alike."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\nprintf '%s\\n' '{answer}'\n")
    file.chmod(0o755)
    return file


def run_of(label: str, *rows: dict[str, object], reason: str | None = None) -> Run:
    """A run with these rows."""
    recording = Recording(label, "python", True, 0.1, rows, (), reason)
    return Run(recording, Measured(label, "python", True, 2.0, rows, reason), ())


def drawn(column: Column, *runs: Run, width: int = 60) -> list[str]:
    """The comparison as lines of text."""
    console = make_screen().console
    console.width = width
    with console.capture() as shown:
        console.print(comparison(column, runs, width))
    return shown.get().rstrip().splitlines()


def test_bars() -> None:
    """The longest bar is the greatest figure, the others are as long as they should be, and nothing has no bar."""
    lines = drawn(
        Column("took", "took", "ns"),
        run_of("Python 3.11.7", {"variant": "a", "took": 1000}, {"variant": "b", "took": 5}),
        run_of("PyPy 3.11.17", {"variant": "a", "took": 500}, {"variant": "b", "skipped": "there is no b here"}),
        run_of("Bun 1.4.5", {"variant": "a", "took": 0}),
    )
    assert max(map(len, lines)) <= 60
    assert lines[:2] == ["", "a: took"]
    full, half, nothing = (line.count("█") for line in lines[2:5])
    assert (full, half, nothing) == (2 * half, half, 0)
    assert [line.split()[0] for line in lines[2:5]] == ["Python", "PyPy", "Bun"]
    assert lines[-1] == "PyPy 3.11.17: b: there is no b here"


def test_a_share_is_of_the_whole() -> None:
    """A share of a half is half a bar, even where it is the greatest there is."""
    lost = Column("lost", "lost", "share")
    half, whole = (drawn(lost, run_of("P", {"variant": "a", "lost": share}))[2].count("█") for share in (0.5, 1.0))
    assert abs(half * 2 - whole) <= 1


@pytest.mark.skipif(os.name != "posix", reason="the executables of this test are shell scripts")
def test_what_a_machine_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This Python comes first, each version stands once, and what does not work, or is too old, is left out."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    monkeypatch.setattr(machine, "packaged_node", lambda: script(tmp_path / "node", "v24.19.0"))
    for name, answer in {
        "python3.13": '["3.13.9", true, "cpython"]',
        "python3.13t": '["3.13.9", false, "cpython"]',
        "python3.12": "pyenv: python3.12: command not found",
        "pypy3": '["3.9.16", true, "pypy"]',
        "node": "v24.19.0",
    }.items():
        script(tmp_path / "bin" / name, answer)
    script(tmp_path / "npm" / "node_modules" / "@deno" / "some-system" / "deno", "deno 2.9.6 (stable)")
    found = [each.label for each in runtimes_here(tmp_path / "npm")]
    assert found == [
        this_python().label, "Python 3.13.9", "Python 3.13.9 without GIL", "Node.js 24.19.0", "Deno 2.9.6"
    ]  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="the executables of this test are shell scripts")
@pytest.mark.parametrize("where", ["bin/bun", "npm/node_modules/@oven/some-system/bin/bun"])
def test_where_bun_may_be(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bun is taken from PATH, or from where `mtlearn setup bun` puts it."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    executable = script(tmp_path / where, "1.4.5")
    assert find("bun", tmp_path / "npm").executable == executable


@pytest.mark.parametrize("name", ["deno", "bun"])
def test_one_that_is_not_here(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing Deno or Bun is reported with the command that installs it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    with pytest.raises(RuntimeMissing) as told:
        find(name, tmp_path)
    assert told.value.fix == f"mtlearn setup {name}"


@pytest.mark.skipif(os.name != "posix", reason="the executable of this test is a shell script")
def test_the_doctor_knows_them(mtlearn: Mtlearn, tmp_path: Path) -> None:
    """`mtlearn doctor` says which of Deno and Bun is here, and how to get the other; neither is needed."""
    script(tmp_path / "bin" / "deno", "deno 2.9.6 (stable)")
    path = os.pathsep.join((str(tmp_path / "bin"), os.environ["PATH"]))
    told = json.loads(mtlearn("doctor", "--json", env={"PATH": path}).stdout)
    others = {fact["what"]: fact for fact in told["facts"] if fact["what"] in ("Deno", "Bun")}
    assert others["Deno"]["how"].startswith("2.9.6 ")
    assert "Bun" in others
    assert all(fact["good"] is None and not fact["needed"] for fact in others.values())


def test_compare(mtlearn: Mtlearn) -> None:
    """A demo is run in the runtimes that are named, and one figure of it is drawn at 80 columns."""
    ended = mtlearn("compare", "staged-race", "--runtime", "python", "--runtime", sys.executable, env={"COLUMNS": "80"})
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.count(f" {this_python().label} ") >= 2
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert ended.stdout.splitlines()[-1].startswith("See: mtlearn ")


def test_compare_json(mtlearn: Mtlearn) -> None:
    """The same as JSON has a run for each runtime."""
    told = json.loads(mtlearn("compare", "staged-race", "--runtime", "python", "--json").stdout)
    assert (told["demo"], [run["runtime"] for run in told["runs"]]) == ("staged-race", [this_python().label])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rase",), "There is no demo `rase`."),
        (("race", "--column", "colour"), "There is no column `colour`."),
        (("race", "--runtime", "/no/such"), "`/no/such` cannot be used as a runtime."),
    ],
)
def test_what_cannot_be_compared(mtlearn: Mtlearn, arguments: tuple[str, ...], message: str) -> None:
    """A demo, a column or a runtime that is not there is reported with what to type instead."""
    ended = mtlearn("compare", *arguments)
    assert ended.code in (2, 3)
    assert ended.stderr.startswith(message)
    assert "  fix:   " in ended.stderr


def test_a_check_in_another_python(mtlearn: Mtlearn, tmp_path: Path) -> None:
    """A check takes the path of a Python as well as the name of a language, and grades in that Python."""
    other = tmp_path / "another-python"
    other.symlink_to(sys.executable)
    solution = load().exercise("5").solution("python")
    ended = mtlearn("check", "5", "--file", solution, "--runtime", str(other), "--json")
    told = json.loads(ended.stdout)
    assert (ended.code, told["status"], told["runtime"]) == (0, "pass", "python")


@pytest.mark.skipif(os.name != "posix", reason="the executables of this test are shell scripts")
@pytest.mark.parametrize(
    ("name", "answer", "label", "language"),
    [
        ("deno", "deno 2.9.6 (stable)", "Deno 2.9.6", "node"),
        ("pypy3", '["3.11.17", true, "pypy"]', "PyPy 3.11.17", "python"),
    ],
)
def test_where_nothing_can_be_checked(
    name: str, answer: str, label: str, language: str, mtlearn: Mtlearn, tmp_path: Path
) -> None:
    """In a runtime that the explorer does not know, nothing is run: the verdict is "unchecked", why, and what to do."""
    runtime, solution = str(script(tmp_path / name, answer)), load().exercise("5").solution(language)
    ended = mtlearn("check", "5", "--file", solution, "--runtime", runtime, env={"COLUMNS": "120"})
    assert (ended.code, ended.stderr) == (1, "")
    assert f"checks: nothing can be concluded from what happens in {label}: the explorer knows CPython" in ended.stdout
    assert f"Use --runtime {language}; mtlearn demo takes {label.split()[0]} as well." in ended.stdout
    assert "Not decided: " in ended.stdout
    assert "Not right" not in ended.stdout
    told = json.loads(mtlearn("check", "5", "--file", solution, "--runtime", runtime, "--json").stdout)
    assert (told["status"], {check["status"] for check in told["checks"]}) == ("error", {"unchecked"})


@pytest.mark.skipif(os.name != "posix", reason="the executables of this test are shell scripts")
def test_where_nothing_is_noted(mtlearn: Mtlearn, tmp_path: Path) -> None:
    """A check in a runtime that the explorer does not know is no attempt: progress stays as it was."""
    mtlearn("check", "5", "--runtime", str(script(tmp_path / "bun", "1.4.5")))
    told = json.loads(mtlearn("progress", "--json").stdout)
    assert [task["attempts"] for task in told["tasks"]] == [0] * len(told["tasks"])
