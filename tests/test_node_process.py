"""The Node process behind the executor: what happens when it cannot be started or cannot load a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodes import NODES, executor

from mtlearn.interleave.executor import Plan
from mtlearn.interleave.node import LoadError, NodeExecutor, NodeHost, NodeMissing

PROGRAMS = Path(__file__).parent / "node_programs"

needs_node = pytest.mark.skipif(not NODES, reason="there is no Node.js here")


def load(path: Path, node: str, exercise: Path | None = None) -> None:
    """Load a scenario with one thread, and run it once."""
    with executor(path, ["worker"], {"words": [0]}, exercise=exercise, node=node) as explorer:
        list(explorer.run([Plan()]))


def test_no_node(tmp_path: Path) -> None:
    """Where there is no Node, that is said, with the name that was looked for."""
    with pytest.raises(NodeMissing, match="no-such-node"):
        load(tmp_path / "any.mjs", "no-such-node")


@pytest.mark.skipif(not Path("/bin/true").exists(), reason="needs a program that is not Node")
def test_not_node(tmp_path: Path) -> None:
    """A program that is not Node is not taken for one."""
    with pytest.raises(NodeMissing, match="cannot run the explorer"):
        load(tmp_path / "any.mjs", "/bin/true")


@needs_node
@pytest.mark.parametrize("node", NODES)
def test_missing_export(tmp_path: Path, node: str) -> None:
    """A function that is not exported is named."""
    script = tmp_path / "scenario.mjs"
    script.write_text("export const other = 1;\n")
    with pytest.raises(LoadError, match='should export a function "worker"'):
        load(script, node)


@needs_node
@pytest.mark.parametrize("node", NODES)
def test_error_while_loading(tmp_path: Path, node: str) -> None:
    """An error at the top of the learner's file is reported with its line."""
    script, exercise = tmp_path / "scenario.mjs", tmp_path / "exercise.mjs"
    script.write_text("import 'exercise';\nexport const worker = () => {};\n")
    exercise.write_text("const a = 1;\na.b.c = 2;\n")
    with pytest.raises(LoadError, match="TypeError") as caught:
        load(script, node, exercise)
    assert (caught.value.file, caught.value.line) == (str(exercise), 2)


@needs_node
@pytest.mark.parametrize("node", NODES)
def test_syntax_error(tmp_path: Path, node: str) -> None:
    """A syntax error in the learner's file is reported as what it is, with its line."""
    script, exercise = tmp_path / "scenario.mjs", tmp_path / "exercise.mjs"
    script.write_text("import 'exercise';\nexport const worker = () => {};\n")
    exercise.write_text("\nexport function (\n")
    with pytest.raises(LoadError, match="SyntaxError") as caught:
        load(script, node, exercise)
    assert (caught.value.file, caught.value.line) == (str(exercise), 2)


@needs_node
def test_loop_while_loading(tmp_path: Path) -> None:
    """A file whose loading does not end is given up, and the line is reported."""
    script = tmp_path / "scenario.mjs"
    script.write_text("export const worker = () => {};\nfor (;;);\n")
    with pytest.raises(LoadError, match="does not end") as caught:
        load(script, NODES[0])
    assert caught.value.line == 2


@needs_node
@pytest.mark.parametrize(
    ("code", "told"),
    [("throw new Error('no');", "Error: no"), ("process.exit(3);", "Exit: process.exit\\(3\\) ends this thread")],
    ids=["throw", "exit"],
)
@pytest.mark.parametrize("node", NODES)
def test_module_that_ends_while_loading(tmp_path: Path, code: str, told: str, node: str) -> None:
    """A module that throws or exits at its top level is reported as that, with its line."""
    script = tmp_path / "scenario.mjs"
    script.write_text(f"export const worker = () => {{}};\n{code}\n")
    with pytest.raises(LoadError, match=told) as caught:
        load(script, node)
    assert (caught.value.file, caught.value.line) == (str(script), 2)


@needs_node
def test_process_that_dies_while_loading(tmp_path: Path) -> None:
    """A module that kills the process at its top level is reported as that, not as a missing Node."""
    script = tmp_path / "scenario.mjs"
    script.write_text(
        "import { execFileSync } from 'node:child_process';\n"
        "execFileSync('kill', ['-9', String(process.pid)]);\n"
        "export const worker = () => {};\n"
    )
    with pytest.raises(LoadError, match="killed by SIGKILL"):
        load(script, NODES[0])


@needs_node
def test_one_process_for_many_programs() -> None:
    """Programs of one script, of any number of threads and any memory, are explored in one process."""
    with NodeHost(PROGRAMS / "counter.mjs", node=NODES[0]) as host:
        pid = host.process().process.pid
        for threads, words in ((2, [5]), (4, [1, 2]), (1, [9]), (3, [0] * 40)):
            (done,) = NodeExecutor(host, ["safe"] * threads, {"words": words}).run([Plan()])
            assert done.observation["memory"]["words"] == [words[0] + threads, *words[1:]]
        assert host.process().process.pid == pid


@needs_node
def test_program_after_one_that_hung_or_did_not_load() -> None:
    """A thread that cannot be stopped, a missing function, answers that nobody took: the next program runs."""
    with NodeHost(PROGRAMS / "counter.mjs", node=NODES[0]) as host:
        with pytest.raises(LoadError, match="no-such"):
            list(NodeExecutor(host, ["no-such"], {"words": [0]}).run([Plan()]))
        (hung,) = NodeExecutor(host, ["spins"], {"words": [0]}).run([Plan()])
        assert hung.ending == "busy loop"
        next(NodeExecutor(host, ["plain"], {"words": [0]}).run([Plan()] * 64))
        (done,) = NodeExecutor(host, ["safe"], {"words": [7]}).run([Plan()])
        assert done.observation["memory"]["words"] == [8]


@needs_node
@pytest.mark.parametrize("helper", [False, True], ids=["own", "imported"])
def test_modules_are_new_for_every_program(tmp_path: Path, helper: bool) -> None:
    """What a module remembers, or one that it imports, does not reach the next program."""
    state = "let calls = 0;\nexport const next = () => ++calls;\n"
    (tmp_path / "state.mjs").write_text(state)
    script = tmp_path / "scenario.mjs"
    first = "import { next } from './state.mjs';\n" if helper else state
    script.write_text(f"{first}export const worker = ({{ words }}) => Atomics.store(words, 0, next());\n")
    with NodeHost(script, node=NODES[0]) as host:
        for _ in range(3):
            (done,) = NodeExecutor(host, ["worker"], {"words": [0]}).run([Plan()])
            assert done.observation["memory"]["words"] == [1]
