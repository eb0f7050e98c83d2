"""`mtlearn lesson` and `mtlearn demo`: tables, JSON, sources and traces, as a process."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from conftest import Mtlearn, NodelessPython
from test_cli import is_error

from mtlearn.course.content import load
from mtlearn.lab.runtime import NODE_HELP, Runtime

COURSE = load()
DEMOS = [(demo, lesson.number) for lesson in COURSE.lessons() for demo in lesson.demos]
STAGED = ("demo", "staged-race", "--runtime", "python")


def test_lesson_into_a_pipe(mtlearn: Mtlearn, node: Runtime, home: Path) -> None:
    """Into a pipe a lesson shows everything, runs every demo in both runtimes, ends by itself and keeps nothing."""
    ended = mtlearn("lesson", "5", env={"COLUMNS": "100"}, patience=180)
    assert (ended.code, ended.stderr) == (0, "")
    lesson = load().lesson(5)
    for number, _ in enumerate(lesson.steps, 1):
        assert f"Lesson 5 · {number}/{len(lesson.steps)} · " in ended.stdout
    for demo in lesson.demos:
        assert f"Experiment: {demo.name}" in ended.stdout
        assert all(claim.text.split()[0] in ended.stdout for claim in demo.claims)
    assert ended.stdout.count("Claims, ") >= len(lesson.demos)
    assert "\x1b" not in ended.stdout
    assert ended.stdout.splitlines()[-1] == "Go on: mtlearn check exercise-5"
    assert list(home.iterdir()) == []


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
        assert list(run) == ["runtime", "kind", "seconds", "threads", "rows", "reason", "gauges", "claims"]
        assert run["reason"] is None
        staged, locked = run["rows"]
        assert {"variant", "threads", "expected", "actual", "lost", "lost_share"} <= staged.keys()
        assert len(set(staged["threads"])) == 3
        assert (staged["expected"], staged["actual"], staged["lost"]) == (3000, 1000, 2000)
        assert (locked["expected"], locked["actual"], locked["lost"]) == (3000, 3000, 0)
        assert [(claim["holds"], list(claim)) for claim in run["claims"]] == [(True, ["text", "holds", "detail"])] * 2
    assert shown["runs"][1]["runtime"] == node.label


def test_demo_lines(mtlearn: Mtlearn) -> None:
    """--source with some text shows the marked lines that have it, or says which there are."""
    ended = mtlearn("demo", "race", "--source", "x += 1")
    assert (ended.code, ended.stdout.splitlines()[:3]) == (
        0,
        ["def add_to_a_variable():", "    global x", "    x += 1"],
    )
    ended = mtlearn("demo", "race", "--source", "y += 1")
    assert ended.code == 2
    assert "Marked are: “x += 1”, “v[0] = f(v[0])”." in ended.stderr


def test_demo_table(mtlearn: Mtlearn) -> None:
    """A demo shows its table, its claims and the cores that were free."""
    ended = mtlearn(*STAGED, env={"COLUMNS": "120"})
    assert ended.code == 0
    assert re.search(r"read \| barrier \| write +[\d ]+ 2,000 +1,000 +1,000 +50\.0 %", ended.stdout)
    assert ended.stdout.count("= as said: ") == 2
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
    assert ended.stdout.rstrip("\n") == lesson.source(demo, kind).rstrip("\n")


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
