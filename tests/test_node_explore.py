"""explore_node, search_node and replay_node, as the grader calls them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from nodes import NODES

from mtlearn.interleave import Interleaving, explore_node
from mtlearn.interleave.node import replay_node, search_node

COUNTER = Path(__file__).parent / "node_programs" / "counter.mjs"

pytestmark = pytest.mark.skipif(not NODES, reason="there is no Node.js here")


def two(memory: dict[str, list[int]]) -> None:
    """Check that two increments gave 2."""
    if memory["words"] != [2]:  # no assert: pytest would add to the sentence
        raise AssertionError(f"two increments should give 2, they gave {memory['words'][0]}")


@pytest.mark.parametrize("node", NODES)
def test_lost_update(node: str) -> None:
    """A lost update is refuted with the sentence of the check and the steps in their order."""
    result = explore_node(COUNTER, ["plain", "plain"], {"words": [0]}, two, node=node)
    assert result.outcome == "refuted"
    found = result.counterexample
    assert found is not None
    assert (found.kind, found.message) == ("check", "two increments should give 2, they gave 1")
    assert [(s.thread, s.operation) for s in found.steps] == [
        (0, "read"),
        (1, "read"),
        (1, "write"),
        (0, "write"),
    ]


@pytest.mark.parametrize("node", NODES)
def test_atomic_add_is_proven(node: str) -> None:
    """A right program is proven, without findings, in the same number of schedules everywhere."""
    result = explore_node(COUNTER, ["safe", "safe"], {"words": [0]}, two, node=node)
    assert (result.outcome, result.max_preemptions, result.schedules) == ("proven", 2, 2)
    assert result.findings == ()


def test_interleaving_replays_from_json() -> None:
    """An interleaving written to JSON and read back is refuted again, and a mended program is not."""
    result = explore_node(COUNTER, ["plain", "plain"], {"words": [0]}, two, node=NODES[0])
    assert result.counterexample is not None
    kept = Interleaving.from_json(result.counterexample.to_json())

    def judge(observation: Any) -> str | None:
        return None if observation["memory"]["words"] == [2] else "lost"

    arguments = ({"words": [0]}, judge, kept.schedule)
    again = replay_node(COUNTER, ["plain", "plain"], *arguments, node=NODES[0])
    assert again.counterexample is not None
    assert again.counterexample.steps == kept.steps
    mended = replay_node(COUNTER, ["safe", "safe"], *arguments, node=NODES[0])
    assert mended.outcome in ("not refuted", "unchecked")


def test_judge_sees_returns_once() -> None:
    """A judge gets memory and returned values, once for each that is new."""
    seen = []

    def judge(observation: Any) -> None:
        seen.append([returned["before"] for returned in observation["returns"]])

    result = search_node(COUNTER, ["addAndTell", "addAndTell"], {"words": [0]}, judge, node=NODES[0])
    assert result.outcome == "proven"
    assert sorted(seen) == [[0, 1], [1, 0]]


def test_race_that_changes_nothing_is_a_finding() -> None:
    """Plain accesses that nothing orders are a finding, once for each pair of lines, whatever the outcome."""
    result = explore_node(COUNTER, ["plain", "plain"], {"words": [0]}, lambda memory: None, node=NODES[0])
    assert result.outcome == "proven"
    (finding,) = result.findings
    assert "data race on words[0]" in finding
    assert "counter.mjs, line 3" in finding


def test_module_that_keeps_state_is_explored_anew(tmp_path: Path) -> None:
    """A program that behaves differently when called again is run in a new module each time."""
    script = tmp_path / "first.mjs"
    script.write_text(
        "let first = true;\n"
        "export function worker({ words }) {\n"
        "  if (first) words[0]++;\n"
        "  else Atomics.add(words, 0, 1);\n"
        "  first = false;\n"
        "}\n"
    )
    result = explore_node(script, ["worker", "worker"], {"words": [0]}, two, node=NODES[0])
    assert result.outcome == "refuted"


def test_random_program_is_the_same_each_time(tmp_path: Path) -> None:
    """Math.random and the clock give the same values in every run, so that a schedule replays."""
    script = tmp_path / "random.mjs"
    script.write_text(
        "export function worker({ words }) {\n"
        "  if (Math.random() < 0.5 || performance.now() > 1e6 || Date.now() % 2) words[0]++;\n"
        "  else words[0] += 1;\n"
        "}\n"
    )
    result = explore_node(script, ["worker", "worker"], {"words": [0]}, two, node=NODES[0])
    assert result.outcome == "refuted"


PRINTS = {
    "console.log": "console.log('x'.repeat(10_000))",
    "stdout": "process.stdout.write('x'.repeat(10_000))",
    "writeSync": "writeSync(1, 'x'.repeat(10_000))",
    "stderr": "writeSync(2, 'x'.repeat(10_000))",
}


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("call", PRINTS.values(), ids=PRINTS)
def test_endless_print_is_a_busy_loop(tmp_path: Path, call: str, node: str) -> None:
    """A thread that prints for ever is reported as that, with its line: it neither hangs nor fills the memory."""
    script = tmp_path / "noisy.mjs"
    script.write_text(
        "import { writeSync } from 'node:fs';\n"
        "export function worker({ words }) {\n"
        f"  if (words[0] === 0) for (;;) {call};\n"
        "}\n"
    )
    result = explore_node(script, ["worker"], {"words": [0]}, lambda memory: None, node=node, safety_s=120)
    found = result.counterexample
    assert found is not None
    assert found.kind == "busy loop"
    assert [(w.line, w.source) for w in found.waiting] == [(3, script.read_text().splitlines()[2].strip())]


@pytest.mark.parametrize("node", NODES)
def test_exit_in_a_thread(tmp_path: Path, node: str) -> None:
    """process.exit() in a thread ends that thread, and is reported as that."""
    script = tmp_path / "exits.mjs"
    script.write_text("export function worker({ words }) {\n  words[0] = 1;\n  process.exit(2);\n}\n")
    result = explore_node(script, ["worker", "worker"], {"words": [0]}, lambda memory: None, node=node)
    assert result.counterexample is not None
    assert (result.counterexample.kind, result.counterexample.message) == (
        "exception",
        "Thread A ends with Exit: process.exit(2) ends this thread",
    )
    assert result.counterexample.steps[-1].line == 3


@pytest.mark.skipif(os.name != "posix", reason="named pipes as on POSIX")
@pytest.mark.parametrize("node", NODES)
def test_call_that_blocks(tmp_path: Path, node: str) -> None:
    """A call that does not come back is reported as that, with the last line before it."""
    os.mkfifo(tmp_path / "pipe")
    script = tmp_path / "blocks.mjs"
    script.write_text(
        "import { readFileSync } from 'node:fs';\n"
        "export function worker({ words }) {\n"
        "  words[0] = 1;\n"
        f"  readFileSync({str(tmp_path / 'pipe')!r});\n"
        "}\n"
    )
    result = explore_node(script, ["worker"], {"words": [0]}, lambda memory: None, node=node, safety_s=120)
    assert result.counterexample is not None
    assert result.counterexample.kind == "blocked"
    assert [(w.line, w.kind) for w in result.counterexample.waiting] == [(3, "C call")]


@pytest.mark.parametrize("node", NODES)
def test_what_was_there_before_is_not_lost(tmp_path: Path, node: str) -> None:
    """What a schedule has made is removed; what it moves into that, or removes to write it anew, is still there."""
    for name in ("moved", "rewritten"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    script = tmp_path / "files.mjs"
    script.write_text(
        "import fs from 'node:fs';\n"
        "const at = (name) => new URL(name, import.meta.url);\n"
        "export const make = () => void fs.mkdirSync(at('made/deep'), { recursive: true });\n"
        "export const move = () => (make(), fs.renameSync(at('moved'), at('made/moved')));\n"
        "export const rewrite = () => (fs.rmSync(at('rewritten')), fs.writeFileSync(at('rewritten'), 'new'));\n"
        "export const nothing = () => {};\n",
        encoding="utf-8",
    )
    explore_node(script, ["make", "nothing"], {"n": [0]}, lambda _: None, node=node)
    assert not (tmp_path / "made").exists()
    explore_node(script, ["move", "nothing"], {"n": [0]}, lambda _: None, node=node)
    assert (tmp_path / "made" / "moved").read_text(encoding="utf-8") == "moved"
    explore_node(script, ["rewrite", "nothing"], {"n": [0]}, lambda _: None, node=node)
    assert (tmp_path / "rewritten").read_text(encoding="utf-8") == "new"
