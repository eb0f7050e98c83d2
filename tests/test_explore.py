"""`mtlearn explore`: a program of one's own, outside of any exercise."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtlearn.cli.app import app
from mtlearn.errors import MtlearnError
from mtlearn.interleave import explore

PYTHON = """
from types import SimpleNamespace
import threading

def setup():
    return SimpleNamespace(n=0, lock=threading.Lock())
def add(state):
    print("nobody wants to read this a thousand times")
    {guard}
        state.n += 1
threads = [add, add]
def check(state):
    assert state.n == 2, f"n is {{state.n}}, not 2"
"""
NODE = """
export const memory = {{ counter: [0] }};
export function add({{ counter }}) {{ {add}; }}
export const threads = [add, add];
export function check({{ counter }}) {{
  if (counter[0] !== 2) throw new Error(`it is ${{counter[0]}}`);
}}
"""


def run(*arguments: object, fails: bool = False) -> str:
    """Run the command; what it printed."""
    result = CliRunner().invoke(app, ["explore", *map(str, arguments)], standalone_mode=False)
    if isinstance(result.exception, MtlearnError):
        raise result.exception
    assert result.exception is None
    assert bool(result.return_value) == fails
    return result.output


def written(folder: Path, name: str, text: str) -> Path:
    """Write a file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_module_that_reads_standard_input_while_it_is_loaded(tmp_path: Path) -> None:
    """It is unchecked with its line, and takes nothing of what mtlearn tells its process there."""
    text = "import fs from 'node:fs';\nconst most = fs.readFileSync(0);" + NODE.format(add="counter[0]++")
    file = written(tmp_path, "reads.mjs", text)
    assert "it reads standard input (line 2)" in " ".join(run(file, fails=True).split())


def test_a_wrong_program_is_shown_with_the_order_that_breaks_it(tmp_path: Path) -> None:
    """The picture names the places, the sentence is the check's, and what the program prints is left out."""
    shown = run(written(tmp_path, "plain.py", PYTHON.format(guard="if True:")), fails=True)
    assert "write state.n = 1" in shown
    assert "n is 1, not 2" in shown
    assert "nobody wants" not in shown


def test_a_right_program_is_proven_by_its_orders(tmp_path: Path) -> None:
    """A program that no order breaks is told with how many orders differ."""
    shown = run(written(tmp_path, "locked.py", PYTHON.format(guard="with state.lock:")))
    assert "No order of steps breaks it: all 2 that differ were run" in shown


def test_what_was_found_is_replayed_from_json(tmp_path: Path) -> None:
    """The JSON object holds the order of steps; --replay runs it alone, and tells the same each time, byte for byte."""
    file = written(tmp_path, "plain.py", PYTHON.format(guard="if True:"))
    replays_to_the_letter(file, tmp_path)


@pytest.mark.process
def test_what_was_found_in_javascript_is_replayed_from_json(tmp_path: Path) -> None:
    """The same for a module."""
    replays_to_the_letter(written(tmp_path, "plain.mjs", NODE.format(add="counter[0]++")), tmp_path)


def replays_to_the_letter(file: Path, folder: Path) -> None:
    """Fail unless what is found in a file is replayed alike."""
    told = run(file, "--json", fails=True)
    found = json.loads(told)
    assert found["outcome"] == "refuted"
    order = written(folder, "order.json", told)
    again, once_more = (run(file, "--json", "--replay", order, fails=True) for _ in range(2))
    assert again == once_more
    replayed = json.loads(again)
    assert (replayed["outcome"], replayed["schedules"], replayed["seconds"]) == ("refuted", 1, None)
    assert replayed["counterexample"] == found["counterexample"]
    assert "broken by schedule 1." in run(file, "--replay", order, fails=True).lower()


@pytest.mark.process
def test_a_module_of_javascript(tmp_path: Path) -> None:
    """The same for a module that exports memory, threads and check."""
    shown = run(written(tmp_path, "plain.mjs", NODE.format(add="counter[0]++")), fails=True)
    assert "read counter[0] → 0" in shown
    assert "it is 1" in shown
    assert "No order" in run(written(tmp_path, "right.mjs", NODE.format(add="Atomics.add(counter, 0, 1)")))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.py", "", "It has no `setup`"),
        ("broken.py", "def setup(:\n", "SyntaxError"),
        ("raises.py", "1 / 0\n", "ZeroDivisionError: division by zero, line 1"),
        ("threads.py", "def setup(): pass\nthreads = 3\ndef check(s): pass\n", "`threads` is something else"),
        ("notes.txt", "", "does not end in .py, .mjs or .js"),
    ],
)
def test_a_bad_file_is_told_with_cause_and_fix(tmp_path: Path, name: str, text: str, says: str) -> None:
    """What is missing or wrong in a file is said, and what to do."""
    with pytest.raises(MtlearnError) as caught:
        run(written(tmp_path, name, text))
    assert says in caught.value.cause
    assert caught.value.fix


@pytest.mark.skipif(os.name != "posix", reason="the executables of this test are shell scripts")
@pytest.mark.parametrize(
    ("name", "answer", "suffix", "says"),
    [
        ("deno", "deno 2.9.6 (stable)", ".mjs", "what happens in Deno 2.9.6: the explorer knows CPython and Node.js"),
        ("bun", "1.4.5", ".mjs", "what happens in Bun 1.4.5"),
        ("pypy3", '["3.11.17", true, "pypy"]', ".py", "Use --runtime python"),
        ("python3.99", '["3.99.0", true, "cpython"]', ".py", "explored in the Python that mtlearn runs in"),
    ],
)
def test_a_runtime_that_is_not_known(name: str, answer: str, suffix: str, says: str, tmp_path: Path) -> None:
    """Where what is seen would prove nothing, nothing is run: unchecked, why, and what to do; as JSON, too."""
    runtime = written(tmp_path, name, f"#!/bin/sh\nprintf '%s\\n' '{answer}'\n")
    runtime.chmod(0o755)
    file = written(tmp_path, f"program{suffix}", "")
    shown = " ".join(run(file, "--runtime", runtime, fails=True).split())
    assert shown.startswith("Unchecked, because ")
    assert says in shown
    told = json.loads(run(file, "--runtime", runtime, "--json", fails=True))
    assert told["outcome"] == "unchecked"
    assert says in told["reason"]


def test_without_a_gil_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is one step under the GIL may be several without it: the verdict is "unchecked", and says so."""
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    result = explore(dict, [len, len], bool)
    assert result.scope.startswith("unchecked, because without the GIL")


@pytest.mark.process
@pytest.mark.parametrize(
    ("ends", "says"),
    [("os._exit(0)", "exit code 0"), ("os.abort()", "killed by SIGABRT"), ("ctypes.string_at(0)", "killed by SIGSEGV")],
)
def test_a_program_that_ends_the_interpreter(ends: str, says: str, tmp_path: Path) -> None:
    """There is a verdict all the same, "unchecked", with how the interpreter ended; as JSON, too."""
    file = written(tmp_path, "ends.py", PYTHON.format(guard=f"import ctypes, os; {ends}\n    with state.lock:"))
    said = f"the interpreter itself ended ({says})"
    assert f"Unchecked, because {said}." in " ".join(run(file, fails=True).split())
    told = json.loads(run(file, "--json", fails=True))
    assert (told["outcome"], told["reason"]) == ("unchecked", said)


@pytest.mark.process
def test_a_file_that_ends_the_interpreter_while_it_is_loaded(tmp_path: Path) -> None:
    """It cannot be loaded, which is told with how the interpreter ended."""
    with pytest.raises(MtlearnError, match="cannot be loaded") as caught:
        run(written(tmp_path, "ends.py", "import os\nos._exit(3)\n"))
    assert caught.value.cause == "While it was loaded, the interpreter itself ended (exit code 3)."


@pytest.mark.process
def test_a_file_that_prints_and_asks_while_it_is_loaded(tmp_path: Path) -> None:
    """What it prints is not taken for the verdict, and nobody answers it."""
    text = PYTHON.format(guard="with state.lock:") + "print({})\ntry:\n    input()\nexcept EOFError:\n    pass\n"
    assert json.loads(run(written(tmp_path, "prints.py", text), "--json"))["outcome"] == "proven"


LISTS = """
export const memory = { n: [0] }, threads = [['add']], check = () => {};
export function add() {}
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no `export memory`"),
        ("export const x = ;", "SyntaxError"),
        pytest.param(LISTS, "`export threads` is something else", id="threads that are lists"),
    ],
)
def test_a_bad_module_is_told_with_cause_and_fix(tmp_path: Path, text: str, says: str) -> None:
    """The same for JavaScript."""
    with pytest.raises(MtlearnError) as caught:
        run(written(tmp_path, "bad.mjs", text))
    assert says in caught.value.cause


def test_what_cannot_be_replayed_is_told(tmp_path: Path) -> None:
    """A file that holds no order of steps is named."""
    file = written(tmp_path, "plain.py", PYTHON.format(guard="if True:"))
    for text, says in (("{}", "no order of steps"), ("no", "no JSON")):
        with pytest.raises(MtlearnError, match="cannot be replayed") as caught:
            run(file, "--replay", written(tmp_path, "order.json", text))
        assert says in caught.value.cause
    with pytest.raises(MtlearnError, match="There is no file"):
        run(tmp_path / "nothing.py")
