"""Lesson 1: what its experiments show exactly."""

from __future__ import annotations

from conftest import Language, Mtlearn
from experiments import run_of

from mtlearn.course.content import load
from mtlearn.course.excerpt import readable
from mtlearn.experiment import experiment
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(1)


def test_connections_wait_side_by_side(language: Language) -> None:
    """A hundred connections that wait are all open at once, and take a small part of their waits added up."""
    run = run_of("connections", language.runtime, connections=100, wait_ms=50, rounds=200)
    alone, together, _ = run.measured.rows
    assert (alone["open"], together["open"]) == (2, 100)
    assert alone["wall_ns"] >= 2 * 45e6
    assert together["work_ns"] >= 100 * 45e6


def test_the_picture_of_blocking(language: Language) -> None:
    """The picture of `blocking` shows no beat within a calculation on the loop, and some within one elsewhere."""
    run = run_of("blocking", language.runtime)
    scenes = {row["variant"]: row["beats"] for row in run.measured.rows}
    for scene, beats in scenes.items():
        events = [event for event in run.recording.events if event.get("args", {}).get("scene") == scene]
        marks = [event["ts"] for event in events if event["ph"] == "i"]
        [hashing] = [event for event in events if event["ph"] == "X"]
        within = sum(hashing["ts"] < mark < hashing["ts"] + hashing["dur"] for mark in marks)
        assert len(marks) >= 4
        assert within <= beats
        assert (within > 0) == (beats > 0)


def test_gil_lag_is_about_python(mtlearn: Mtlearn, node: Runtime) -> None:
    """An experiment that is about Python only says so in Node.js, and shows no script for it."""
    _, demo = load().demo("gil-lag")
    run = experiment(LESSON, demo, node, {}, 2.0)
    assert (run.measured.rows, run.findings, run.recording.reason) == ((), (), "this is about Python only")
    assert not (LESSON.folder / "gil_lag.mjs").exists()
    source = mtlearn("demo", "gil-lag", "--source")
    script = (LESSON.folder / "gil_lag.py").read_text(encoding="utf-8")
    assert (source.code, source.stdout.strip()) == (0, readable(script).strip())
    refused = mtlearn("demo", "gil-lag", "--source", "--runtime", "node")
    assert (refused.code, refused.stdout) == (2, "")
    assert "The demo gil-lag has no script for Node.js." in refused.stderr
    assert "mtlearn demo gil-lag --runtime python" in refused.stderr


def test_the_order_of_the_loop(language: Language) -> None:
    """The order in which a loop runs what it was handed is the one the words tell, in every version at hand."""
    rows = {
        row["variant"]: row["order"] for row in run_of("loop-order", language.runtime).measured.rows if "order" in row
    }
    if language.name == "node":
        assert rows["in a callback of I/O"] == (
            "code > nextTick > queueMicrotask > promise > setImmediate > setTimeout(0)"
        )
        assert rows["at the top of an ES module"] == "code > promise > nextTick"
        assert rows["at the top of a CommonJS script"] == "code > nextTick > promise"
    else:
        assert rows["asked for in one go"] == "code > call_soon > task > call_later(0)"
        assert rows["asked for by a callback"] == "a > b > c, asked for by a"


def test_the_race_across_an_await(language: Language) -> None:
    """On one thread ten requests fetch ten tokens; kept or locked it is one, and a semaphore of three gives three."""
    rows = run_of("await-race", language.runtime).measured.rows
    assert [(row["fetches"], row["tokens"], len(row["threads"])) for row in rows] == [
        (10, 10, 1), (1, 1, 1), (1, 1, 1), (3, 3, 1)
    ]  # fmt: skip
