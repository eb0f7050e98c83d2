"""Lesson 10: what its experiments show exactly."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PATIENCE_S, ROOT, Language
from experiments import run_of

from mtlearn.lab.run import run
from mtlearn.lab.runtime import Runtime, this_python

SMALL = {"threads": 2, "lines": 50}


def lost(language: Language) -> dict[str, tuple[int, int]]:
    """How many lines each variant of `logging` lost, of how many."""
    recording = run_of("logging", language.runtime, **SMALL).recording
    assert recording.reason is None
    return {row["variant"]: (row["lost"], row["lines"]) for row in recording.rows if "skipped" not in row}


def test_which_lines_are_lost(language: Language) -> None:
    """It is certain which ways to log lose lines at the end of a program, and which lose none."""
    found = lost(language)
    if language.name == "python":
        assert found["2 processes, one file"] == (100, 200)
        assert found["2 processes, one writer"] == (0, 200)
        assert found["sys.exit(), through a queue"][0] > 0
        assert found["sys.exit(), through a queue, stopped"] == found["sys.exit(), at once"] == (0, 10)
    else:
        assert found["terminate(), console.log"] == (399, 400)
        assert found["terminate(), writeSync"] == (0, 400)
        assert found["process.exit(), createWriteStream"] == (50, 50)
        assert found["process.exit(), writeSync"] == (0, 50)


def test_who_logged(language: Language) -> None:
    """What comes together in one place names every thread that wrote a part of it."""
    rows = [row for row in run_of("logging", language.runtime, **SMALL).recording.rows if "seen" in row]
    assert rows
    for row in rows:
        assert (row["lost"], row["seen"]) == (0, sorted(row["threads"]))
        assert len(set(row["threads"])) == SMALL["threads"]


def test_whose_line_it_is(language: Language) -> None:
    """A line from another thread names no request, or another one, unless the request was sent along."""
    rows = run_of("logging", language.runtime, **SMALL).recording.rows
    told = {row["variant"]: row["request"] for row in rows if "request" in row}
    assert told == REQUESTS[language.name]


REQUESTS = {
    "python": {"request r-7, in a pool's thread": "none", "request r-7, its context sent along": "r-7"},
    "node": {
        "request r-7, after an await": "r-7",
        "request r-7, in a worker": "none",
        "request r-7, in the listener of its answer": "r-1",
        "request r-7, its id sent along": "r-7",
    },
}


def test_packages_that_are_not_there(node: Runtime) -> None:
    """Without winston, bunyan and pino their rows say how to get them, and all others are measured."""
    rows = run_of("logging", node, **SMALL).recording.rows
    skipped = {row["variant"]: row["skipped"] for row in rows if "skipped" in row}
    packages = ("winston", "bunyan", "pino")
    assert set(skipped) == {f"{way}, {name}" for way in ("2 workers, one port", "process.exit()") for name in packages}
    assert all(reason.endswith("is not installed: mtlearn setup node") for reason in skipped.values())


def test_what_is_read(language: Language) -> None:
    """The monitor's gauges are read again and again, each with its own form."""
    recording = run_of("monitor", language.runtime, seconds=0.5).recording
    assert recording.reason is None
    forms = {gauge.name: gauge.form for gauge in recording.gauges}
    assert forms["loop delay"] == "ns"
    assert forms["loop busy"] == forms["worker busy"] == "share"
    assert forms["worker on CPU"] == forms["idle on CPU"] == "share"
    assert forms["jobs waiting"] == "count"
    assert len({len(gauge.readings) for gauge in recording.gauges}) == 1


def test_without_psutil(tmp_path: Path) -> None:
    """A Python without psutil reads everything but the CPU time of the threads, and says how to get that."""
    folder = tmp_path / "lessons" / "lesson_10"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "lessons" / "reporter.py", folder.parent)
    script = Path(shutil.copy(ROOT / "lessons" / "lesson_10" / "monitor.py", folder))
    (folder / "psutil.py").write_text("raise ImportError")
    recording = run(script, this_python(), {"seconds": 0.5})
    assert recording.reason is None
    assert [row["skipped"] for row in recording.rows if "skipped" in row] == [
        "the package psutil is not installed there: pip install psutil"
    ]
    assert not [gauge.name for gauge in recording.gauges if gauge.name.endswith("CPU")]


@pytest.mark.parametrize("name", ["monitor", "log_lines"])
def test_a_polite_end(name: str, language: Language, temporary: Path) -> None:
    """A script that is asked to end by SIGTERM takes its processes and its folder along."""
    script = ROOT / "lessons" / "lesson_10" / f"{name}{language.suffix}"
    env = {**os.environ, "PYTHONPATH": str(script.parent.parent), "MTLEARN_PARAMS": "{}"}
    with subprocess.Popen([language.runtime.executable, script], stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline()
        process.terminate()
        process.stdout.read()
        process.wait(PATIENCE_S)
    assert list(temporary.iterdir()) == []
