"""Lesson 9: what its experiments show exactly, what they leave behind, and what its exercise asks about."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import Language
from experiments import run_of

from mtlearn.course.content import load
from mtlearn.lab.run import run

CAME, STAYED = "came too", "not there"

LEAKS = {
    "python": {
        "a job: user.greeting": CAME,
        "a job: greeting, user.name": STAYED,
        "a whole user": CAME,
        "user.name": STAYED,
        "page[:2]": STAYED,
        "an error": CAME,
        "os.environ of a process": CAME,
        "os.environ of a thread": CAME,
        "a process": CAME,
        "a process, env={}": STAYED,
        "a process, password as argument": CAME,
    },
    "node": {
        "Buffer.from('hi')": CAME,
        "new Uint8Array(that Buffer)": STAYED,
        "page.subarray(0, 2)": CAME,
        "page.slice(0, 2)": STAYED,
        "a whole user": CAME,
        "{ name: user.name }": STAYED,
        "an uncaught error": CAME,
        "Worker": CAME,
        "Worker, env: {}": STAYED,
        "a process": CAME,
        "a process, env: {}": STAYED,
        "a process, password as argument": CAME,
    },
}


def test_leak_is_exact(language: Language) -> None:
    """The password comes along with exactly what the lesson says it comes along with."""
    rows = [row for row in run_of("leak", language.runtime).recording.rows if "skipped" not in row]
    assert {row["variant"]: row["password"] for row in rows} == {
        variant: password
        for variant, password in LEAKS[language.name].items()
        if Path("/proc/self/environ").exists() or not variant.startswith("a process")
    }
    for row in rows:
        if row["password"] == STAYED:
            assert row["arrived"] == row["meant"], row["variant"]


def test_messages_act_only_where_they_were_let(language: Language) -> None:
    """A worker is polluted where it merges deeply, code runs where it is unpickled or evaluated, and nowhere else."""
    rows = {row["variant"]: row for row in run_of("unsafe-messages", language.runtime).recording.rows}
    assert [variant for variant, row in rows.items() if row["next"] == "Bob is an admin"] == ["a deep merge"]
    assert [variant for variant, row in rows.items() if row["did"] == "its code ran"] == {
        "python": ["pickle.loads", "Connection.recv"],
        "node": ["new Function(message)"],
    }[language.name]


def test_a_missing_package_is_told(language: Language) -> None:
    """Where no npm package is there, its checks say how to get it, and all else is measured."""
    lesson, demo = load().demo("validate")
    rows = run(lesson.script(demo, language.name), language.runtime, {"seconds": 0.05}).rows
    skipped = {row["variant"]: row["skipped"] for row in rows if "skipped" in row}
    if language.name == "node":
        assert set(skipped) == {"zod, by default", "zod, strict", "ajv, by default", "ajv, strict"}
    assert all(re.search("mtlearn setup node|pip install ", why) for why in skipped.values())
    strict = [row for row in rows if row["variant"].endswith(("by hand", "strict", "msgspec")) and "skipped" not in row]
    assert strict
    assert all((row["good"], row["refused"]) == ("passed", row["bad"]) for row in strict)
    [copied] = [row for row in rows if row["variant"] == "shared: copy, then check"]
    assert copied["paid"] >= 30
    assert copied["too_much"] == 0


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
@pytest.mark.parametrize(("name", "rows"), [("runaway", 1), ("runaway", 3), ("validate", 6), ("unsafe-messages", 1)])
def test_nothing_outlives_a_killed_script(name: str, rows: int, language: Language) -> None:
    """A script that is killed in the middle leaves no process behind, not even one in an endless loop."""
    lesson, demo = load().demo(name)
    script = lesson.script(demo, language.name)
    process = subprocess.Popen(
        [language.runtime.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "MTLEARN_PARAMS": "{}", "PYTHONPATH": str(script.parent.parent)},
    )
    assert process.stdout
    for _ in range(rows):
        assert process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()  # whether anything is left is asked after each test


def test_the_corpus_is_large_and_whole(language: Language) -> None:
    """At least 60 hostile messages in each language, each with its own name, and all of them can be built."""
    folder = load().exercise("9").folder
    corpus = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    chosen = [case for case in corpus if case.get("only", language.name) == language.name]
    assert sum(case["is"] != "accepted" for case in chosen) >= 60
    assert len({(case["about"], case["name"]) for case in chosen}) == len(chosen)
    scenarios = (folder / f"scenarios{language.suffix}").read_text(encoding="utf-8")
    for case in chosen:
        assert case["is"] in ("accepted", "refused", "either")
        for built in (case.get("made"), *case.get("odd", {}).values()):
            name = re.escape(built or "")
            assert not built or re.search(rf"""(["']{name}["']|^  {name})[:,]|== "{name}":""", scenarios, re.M), built
