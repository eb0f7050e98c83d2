"""mtlearn.lab.run, recording and cores: one run of one script, and what is left of it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Language

from mtlearn.lab.cores import cores_allowed, cores_free
from mtlearn.lab.recording import Event, Recording, Row, chrome_trace
from mtlearn.lab.run import run
from mtlearn.lab.runtime import PYTHON, Runtime, this_python

RunScript = Callable[..., Recording]


@pytest.fixture
def run_script(tmp_path: Path, language: Language) -> RunScript:
    """Runs a script with this code, a reporter lying in the folder above it as in the course."""

    def run_(
        python: str,
        node: str,
        limit_s: float = 60,
        on_row: Any = lambda row: None,
        on_event: Any = lambda event: None,
        **params: Any,
    ) -> Recording:
        folder = tmp_path / "lessons" / "lesson_09"
        folder.mkdir(parents=True)
        reporter = f"reporter{language.suffix}"
        shutil.copy(ROOT / "lessons" / reporter, folder.parent / reporter)
        script = folder / f"script{language.suffix}"
        script.write_text(language.choose(python, node))
        return run(script, language.runtime, params, limit_s=limit_s, on_row=on_row, on_event=on_event)

    return run_


def test_rows_spans_and_parameters(run_script: RunScript) -> None:
    """A script's rows and events are recorded in its order, and it gets the parameters asked for."""
    seen: list[Row] = []
    recording = run_script(
        "from reporter import *\np = params(threads=4, seconds=0.5)\nrow(variant='a', got=p)\n"
        "span('work', 7, 1000.0, 3000.0)\nskip('b', 'no reason')\n",
        "import { params, row, span, skip } from '../reporter.mjs';\nconst p = params({ threads: 4, seconds: 0.5 });\n"
        "row({ variant: 'a', got: p });\nspan('work', 7, 1000, 3000);\nskip('b', 'no reason');\n",
        on_row=seen.append,
        threads=2,
    )
    assert recording.reason is None
    assert recording.rows == (
        {"variant": "a", "got": {"threads": 2, "seconds": 0.5}},
        {"variant": "b", "skipped": "no reason"},
    )
    assert tuple(seen) == recording.rows
    [event] = recording.events
    told = {"name": "work", "ph": "X", "ts": 1000, "dur": 2000, "pid": 0, "tid": 7, "cat": "running"}
    assert {**event, "pid": 0} == told


def test_gauges(run_script: RunScript) -> None:
    """Readings of a gauge are recorded in their order, and seen as they come."""
    seen: list[Event] = []
    recording = run_script(
        "from reporter import *\ngauge('queue', 3)\ngauge('queue', 5)\ngauge('busy', 0.5, 'share')\n",
        "import { gauge } from '../reporter.mjs';\n"
        "gauge('queue', 3);\ngauge('queue', 5);\ngauge('busy', 0.5, 'share');\n",
        on_event=seen.append,
    )
    assert [(gauge.name, gauge.form, [value for _, value in gauge.readings]) for gauge in recording.gauges] == [
        ("queue", "count", [3, 5]),
        ("busy", "share", [0.5]),
    ]
    assert tuple(seen) == recording.events


def test_temporary_files(run_script: RunScript, temporary: Path) -> None:
    """Temporary files that a script has made are gone with it, however it ended."""
    with pytest.raises(KeyboardInterrupt):
        run_script(
            "import tempfile, time\nfrom reporter import *\nrow(variant=tempfile.mkdtemp())\ntime.sleep(1000)\n",
            "import { mkdtempSync } from 'node:fs';\nimport { tmpdir } from 'node:os';\n"
            "import { row } from '../reporter.mjs';\nrow({ variant: mkdtempSync(tmpdir() + '/a') });\n"
            "setTimeout(() => {}, 1e6);\n",
            on_row=interrupt,
        )
    assert list(temporary.iterdir()) == []


def interrupt(row: Row) -> None:
    """Ctrl-C, when a row has come that names a folder which is there."""
    assert Path(row["variant"]).is_dir()
    raise KeyboardInterrupt


def test_output_that_is_no_report(run_script: RunScript) -> None:
    """Whatever else a script prints is passed over."""
    recording = run_script(
        "print('hello')\nprint('{not json')\nprint('{\"row\": {\"variant\": 1}}')\n",
        "console.log('hello');\nconsole.log('{not json');\nconsole.log('{\"row\": {\"variant\": 1}}');\n",
    )
    assert recording.rows == ({"variant": 1},)
    assert recording.reason is None


def test_a_script_that_fails(run_script: RunScript, language: Language) -> None:
    """A script that fails gives the rows until then, and the reason in one line."""
    recording = run_script(
        "from reporter import *\nrow(variant='a')\nraise ValueError('no luck')\n",
        "import { row } from '../reporter.mjs';\nrow({ variant: 'a' });\nthrow new RangeError('no luck');\n",
    )
    assert recording.rows == ({"variant": "a"},)
    assert recording.reason is not None
    assert recording.reason.startswith("the script failed (exit code 1): ")
    assert language.choose("ValueError: no luck", "RangeError: no luck") in recording.reason
    assert "\n" not in recording.reason


def test_a_script_that_says_nothing(run_script: RunScript) -> None:
    """A script that fails without a word is reported with its exit code."""
    recording = run_script("import os\nos._exit(9)\n", "process.exit(9);\n")
    assert recording.reason == "the script failed (exit code 9): it said nothing"


def test_a_script_that_does_not_end(run_script: RunScript) -> None:
    """A script that does not end is stopped, and that is the reason."""
    recording = run_script("while True: pass\n", "for (;;);\n", limit_s=0.5)
    assert recording.reason == "the script was stopped after 0.5 s"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("row(variant='first')\nwhile True: pass\n", "PyPy got no further after `first` in 5 s"),
        (
            "raise ValueError('\x1b[31mno luck\x1b[0m')\n",
            "PyPy cannot run all of it (exit code 1): ValueError: no luck",
        ),
    ],
)
def test_a_runtime_that_lacks_something(code: str, reason: str, tmp_path: Path) -> None:
    """One the scripts were not written for says in one line, without colours, how far it came, or what it lacks."""
    (tmp_path / "lesson").mkdir()
    shutil.copy(ROOT / "lessons" / "reporter.py", tmp_path)
    script = tmp_path / "lesson" / "script.py"
    script.write_text(f"from reporter import *\n{code}")
    other = replace(this_python(), product=replace(PYTHON, name="PyPy"))
    assert run(script, other, {}, limit_s=5 if "first" in reason else 60).reason == reason


def test_a_script_that_leaves_children(run_script: RunScript) -> None:
    """Children that a script leaves behind are ended, also those that left its group and closed every pipe."""
    recording = run_script(
        "import subprocess as s\ns.Popen(['sleep', '1000'], stdin=-3, stdout=-3, stderr=-3)\n"
        "s.Popen(['sleep', '1000'], start_new_session=True, stdin=-3, stdout=-3, stderr=-3)\n",
        "import { spawn } from 'node:child_process';\nspawn('sleep', ['1000'], { stdio: 'ignore' }).unref();\n"
        "spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref();\nprocess.exit(0);\n",
    )
    assert recording.reason is None  # that nobody is left is what every test ends with


def test_a_child_that_keeps_the_output_open(run_script: RunScript) -> None:
    """A script that has ended is over, although a process it left behind holds its output open."""
    recording = run_script(
        "import subprocess, sys\nfrom reporter import *\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\nrow(variant='a', n=1)\n",
        "import { spawn } from 'node:child_process';\nimport { row } from '../reporter.mjs';\n"
        "spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'inherit' }).unref();\n"
        "row({ variant: 'a', n: 1 });\n",
        limit_s=300,
    )
    assert (recording.reason, len(recording.rows)) == (None, 1)
    assert recording.seconds < 60


def test_a_slow_reader(run_script: RunScript) -> None:
    """A script that reports faster than it is read loses nothing, also once Node has made its pipe non-blocking."""
    read = threading.Event()
    recording = run_script(
        "from reporter import *\nfor n in range(20):\n    row(variant=n, text='x' * 50_000)\n",
        "import { once } from 'node:events';\nimport { Worker } from 'node:worker_threads';\n"
        "import { row } from '../reporter.mjs';\n"
        "await once(new Worker('console.log(1)', { eval: true }), 'exit');\n"
        "for (let n = 0; n < 20; n++) row({ variant: n, text: 'x'.repeat(50_000) });\n",
        on_row=lambda row: read.wait(0.05),
    )
    assert recording.reason is None
    assert [(row["variant"], len(row["text"])) for row in recording.rows] == [(n, 50_000) for n in range(20)]


def test_a_reader_that_raises(run_script: RunScript) -> None:
    """Whoever looks at the rows may raise: no process is left, and the exception arrives."""

    def stop(row: Row) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_script(
            "from reporter import *\nrow(variant='a')\nimport time\ntime.sleep(1000)\n",
            "import { row } from '../reporter.mjs';\nrow({ variant: 'a' });\nsetTimeout(() => {}, 1e6);\n",
            on_row=stop,
        )


def test_a_runtime_that_does_not_start(tmp_path: Path) -> None:
    """A runtime that does not start gives a recording with the reason, and no rows."""
    recording = run(tmp_path / "script.py", Runtime("python", tmp_path / "nothing", "3.0.0", True), {})
    assert recording.rows == ()
    assert recording.reason is not None
    assert recording.reason.startswith("it did not start: ")


def event(name: str, pid: int, tid: int, ts: float) -> dict[str, Any]:
    """An event as a script reports it."""
    return {"name": name, "ph": "X", "ts": ts, "dur": 10.04, "pid": pid, "tid": tid}


def test_chrome_trace() -> None:
    """A trace file starts at 0, has small numbers for processes and threads, and names both; times are in µs."""
    python = Recording("Python 3.11.7", "python", True, 1.0, events=(
        event("a", 4711, 90001, 5000.06), event("a", 4711, 90002, 5001), event("b", 4712, 4712, 5002)))  # fmt: skip
    node = Recording("Node.js 24.19.0", "node", None, 1.0, events=(event("a", 4711, 1, 70),))
    trace = chrome_trace([python, node])
    spans = [each for each in trace["traceEvents"] if each["ph"] == "X"]
    names = [each for each in trace["traceEvents"] if each["ph"] == "M"]
    assert [(each["name"], each["pid"], each["tid"], each["ts"], each["dur"]) for each in spans] == [
        ("a", 1, 1, 0.0, 10.0),
        ("a", 1, 2, 0.9, 10.0),
        ("b", 2, 3, 1.9, 10.0),
        ("a", 3, 1, 0.0, 10.0),
    ]
    assert {(each["name"], each["pid"], each["args"]["name"]) for each in names} == {
        ("process_name", 1, "Python 3.11.7 (process 4711)"),
        ("process_name", 2, "Python 3.11.7 (process 4712)"),
        ("process_name", 3, "Node.js 24.19.0 (process 4711)"),
        ("thread_name", 1, "thread 90001"),
        ("thread_name", 1, "thread 90002"),
        ("thread_name", 2, "thread 4712"),
        ("thread_name", 3, "thread 1"),
    }
    assert {(each["pid"], each["tid"]) for each in spans} <= {(each["pid"], each["tid"]) for each in names}


def test_chrome_trace_of_nothing() -> None:
    """A run without events gives a trace without events."""
    assert chrome_trace([Recording("Node.js", "node", None, 0.0)])["traceEvents"] == []


def test_cores_free() -> None:
    """The free cores are more than none and at most those this process may use, and nobody is left burning."""
    free = cores_free(0.05)
    assert 0 < free <= cores_allowed() + 0.2  # each share is rounded and measured


def test_python_is_the_one_here() -> None:
    """A recording says which runtime it is from."""
    python = this_python()
    recording = run(ROOT / "lessons" / "reporter.py", python, {})
    assert (recording.runtime, recording.kind, recording.gil) == (python.label, "python", python.gil)
