"""Lesson 7: what its experiments show exactly, and that their servers end with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest
from conftest import PATIENCE_S, Language
from experiments import run_of

from mtlearn.course.claim import Finding, Measured
from mtlearn.course.content import load

LESSON = load().lesson(7)
DEMOS = {demo.name: demo for demo in LESSON.demos}


def rows_of(name: str, language: Language, **params: float) -> dict[str, dict[str, Any]]:
    """The rows of a run by their variants."""
    recording = run_of(name, language.runtime, **params).recording
    assert recording.reason is None
    return {row["variant"]: dict(row) for row in recording.rows}


def test_who_answers_and_who_remembers(language: Language) -> None:
    """Connections are handed out in turn, one that is kept alive stays, and one counter counts everything."""
    rows = rows_of("sticky", language)
    told = {variant: (sorted(row["answered"]), row["counted"]) for variant, row in rows.items()}
    assert told == {
        "a connection each": ([10, 10], 10),
        "one connection, kept alive": ([0, 20], 20),
        "a connection each, one counter": ([10, 10], 20),
    }


def test_the_shapes_of_a_server(language: Language) -> None:
    """Only processes with workers answer while they calculate, and each shape calculates where it says."""
    rows = rows_of("cluster", language, threads=2, seconds=0.3)
    shapes = {"single": 1, "one worker": 1, "workers": 2, "cluster": 2, "both": 4}
    if language.name == "python":
        shapes |= {"cluster, uvicorn": 2, "both, uvicorn": 4}
    assert list(rows) == list(shapes)
    for variant, row in rows.items():
        assert 1 <= len(row["threads"]) <= shapes[variant]
        assert (row["during"] > 0) == (variant in ("one worker", "workers", "both", "both, uvicorn"))
        assert row["failed"] == 0
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]
    assert rows["single"]["at_once"] == rows["one worker"]["at_once"] == 1


def test_a_missing_uvicorn_is_told() -> None:
    """Without uvicorn the other shapes are measured, and its rows say how to get it."""
    program = (
        "import cluster\n"
        "cluster.measure = lambda variant, *settings: cluster.row(variant=variant)\n"
        "cluster.find_spec = lambda name: None\n"
        "cluster.main(2, 0.3)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(LESSON.folder.parent)},
        cwd=LESSON.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    get = "pip install 'mtlearn[lab]'"
    how = f"skipped=the package uvicorn is not installed: {get}  get={get}"
    assert ended.stdout.splitlines() == [
        *(f"variant={name}" for name in ("single", "one worker", "workers", "cluster", "both")),
        *(f"variant={name}, uvicorn  {how}" for name in ("cluster", "both")),
    ]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signals")
@pytest.mark.parametrize("name", ["cluster", "sticky", "scaling"])
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_nothing_stays(name: str, how: str, language: Language) -> None:
    """However a script ends, the processes that it started end with it, and by themselves."""
    script = LESSON.script(DEMOS[name], language.name)
    env = {**os.environ, "PYTHONPATH": str(LESSON.folder.parent), "MTLEARN_PARAMS": "{}"}
    started = subprocess.Popen(
        [language.runtime.executable, script],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert started.stdin is not None
    process, deadline = psutil.Process(started.pid), time.monotonic() + PATIENCE_S
    children: list[psutil.Process] = []
    while not children and started.poll() is None and time.monotonic() < deadline:
        children = process.children(recursive=True)
        if language.name == "node" and name == "scaling":
            break  # its workers are threads
        time.sleep(0.02)
    started.send_signal(getattr(signal, how))
    started.wait(PATIENCE_S)
    started.stdin.close()
    _, left = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert left == []


def finding(best: float, mean: float, late: float = 0, per_s: tuple[int, int] = (20, 20)) -> Finding:
    """What becomes of "a cluster buys throughput" with these figures."""
    [claim] = [claim for claim in DEMOS["cluster"].claims if claim.text.startswith("A cluster buys throughput")]
    rows = tuple(
        {"variant": variant, "slow_per_s": rate, "best_ns": best, "mean_ns": mean, "late_ns": late}
        for variant, rate in zip(("single", "cluster"), per_s, strict=True)
    )
    return claim.find(Measured("Node.js", "node", None, 2.0, rows))


def test_a_busy_machine_decides_nothing() -> None:
    """A claim that does not show is false on a quiet machine, and undecided on one that was busy meanwhile."""
    assert finding(50e6, 55e6, per_s=(20, 36)).holds is True
    assert finding(50e6, 55e6).holds is False
    assert finding(50e6, 90e6).holds is None
    assert finding(50e6, 90e6).detail.startswith("not measured here: the machine was busy: a calculation took ×1.8")
    assert finding(50e6, 55e6, late=9e6).holds is None
