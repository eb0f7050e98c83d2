"""The Node executor: one plan in, one execution out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import alive
from nodes import NODES, executor

from mtlearn.interleave.executor import Decision, Execution, Plan
from mtlearn.interleave.node import NodeExecutor, NodeHost
from mtlearn.interleave.node.executor import Thread

PROGRAMS = Path(__file__).parent / "node_programs"
COUNTER = PROGRAMS / "counter.mjs"
MODULES = "import { increment } from 'exercise';\nexport const worker = ({ words }) => increment(words, 0);\n"

pytestmark = pytest.mark.skipif(not NODES, reason="there is no Node.js here")


def run(
    threads: Sequence[Thread],
    *plans: Plan,
    words: Sequence[int] = (0,),
    script: Path = COUNTER,
    exercise: Path | None = None,
    node: str = NODES[0] if NODES else "",
) -> list[Execution]:
    """Run the plans on one executor, by default over functions of counter.mjs."""
    with executor(script, threads, {"words": words}, exercise=exercise, node=node) as explorer:
        return list(explorer.run(plans))


@pytest.mark.parametrize("node", NODES)
def test_gated_views_behave_like_views(node: str) -> None:
    """What a learner does with a watched typed array gives what it gives with a plain one, for every kind."""
    (done,) = run(["differences"], Plan(), words=[0] * 16, script=PROGRAMS / "typed_arrays.mjs", node=node)
    assert done.ending == "finished", done.message
    assert done.observation["returns"] == [[]]


@pytest.mark.parametrize("node", NODES)
def test_rewriting_keeps_the_meaning(node: str) -> None:
    """What a learner writes with brackets and await means the same after it was rewritten."""
    (done,) = run(["differences"], Plan(), script=PROGRAMS / "rewritten.mjs", node=node)
    assert done.ending == "finished", done.message
    assert done.observation["returns"] == [[]]


@pytest.mark.parametrize("node", NODES)
def test_schedule_decides_the_outcome(node: str) -> None:
    """A thread put between another's read and write loses an update; put before or behind, it does not."""
    lost, kept = run(["plain", "plain"], Plan((0, 1)), Plan((1, 1)), node=node)
    assert (lost.observation["memory"], kept.observation["memory"]) == ({"words": [1]}, {"words": [2]})


def test_decisions_only_where_two_can_go() -> None:
    """The first choice is free, a switch from a running thread costs, a lone thread decides nothing."""
    (done,) = run(["plain", "plain"], Plan())
    assert done.decisions == (Decision(0, (0, 1), None), Decision(0, (0, 1), 0))
    (alone,) = run(["plain"], Plan())
    assert alone.decisions == ()


def test_observation_has_memory_and_returns() -> None:
    """What a thread function returns is observed, and a thread may be given arguments."""
    (done,) = run([("addAndTell", [5]), "addAndTell", "safe"], Plan((1,)))
    assert done.observation == {
        "memory": {"words": [7]},
        "returns": [{"index": 0, "before": 1}, {"index": 1, "before": 0}, None],
    }


def test_memory_is_set_afresh() -> None:
    """Every schedule starts from the same words."""
    runs = run(["plain"], *[Plan()] * 50, words=[41])
    assert [done.observation["memory"]["words"] for done in runs] == [[42]] * 50


def test_same_seed_same_run() -> None:
    """A random schedule is the same for the same seed, and its decisions replay it."""
    plans = [Plan(seed=seed) for seed in range(20)]
    once, again = (run(["plain", "plain", "plain"], *plans) for _ in range(2))
    assert once == again
    assert len({done.decisions for done in once}) > 5
    replays = run(["plain", "plain", "plain"], *[Plan(tuple(d.chosen for d in done.decisions)) for done in once])
    assert [done.observation for done in replays] == [done.observation for done in once]


def test_sleepers_wake_in_their_order() -> None:
    """Atomics.notify wakes who went to sleep first; who is never woken is named."""
    (done,) = run(["sleeper", "sleeper", "wakeOne"], Plan((1, 0, 2)), words=[0, 0, 0], script=COUNTER)
    assert done.ending == "deadlock"
    (told,) = run(["sleeper", "sleeper", "wakeOne"], Plan((1, 0), detail=True), words=[0, 0, 0])
    assert [(w.thread, w.kind, w.location) for w in told.waiting] == [(0, "Atomics.wait", "words[0]")]
    assert "Thread A sleeps in Atomics.wait on words[0]" in told.message
    assert "wakes Thread B" in [step.note for step in told.steps]


def test_time_out_is_a_choice() -> None:
    """A sleeper with a time limit may time out before the other thread moves, in between, or be woken."""
    plans = [Plan((0, 0)), Plan((0, 1, 0)), Plan((0, 1, 1))]
    runs = run(["napper", "wakeAll"], *plans)
    assert [done.observation["returns"][0] for done in runs] == ["timed-out", "timed-out", "ok"]


def test_detail_tells_every_step() -> None:
    """In detail each step has file, line, source, operation, place and value."""
    (done,) = run(["plain", "safe"], Plan((0, 1), detail=True))
    line = COUNTER.read_text().splitlines().index("  words[0]++;") + 1
    assert [(s.thread, s.operation, s.location, s.value) for s in done.steps] == [
        (0, "read", "words[0]", "0"),
        (1, "add", "words[0]", "0 → 1"),
        (0, "write", "words[0]", "1"),
    ]
    assert (done.steps[0].file, done.steps[0].line, done.steps[0].source) == (
        str(COUNTER),
        line,
        "words[0]++;",
    )


def test_error_ends_the_run() -> None:
    """An error in a thread ends the run, with the error's text and the line where it was thrown."""
    (done,) = run(["throws", "safe"], Plan(detail=True))
    assert (done.ending, done.message) == ("exception", "Thread A ends with RangeError: no such account")
    assert done.steps[-1].note == "ends: RangeError: no such account"
    assert done.steps[-1].source == "throw new RangeError('no such account');"


def test_busy_loop_is_named_and_survived() -> None:
    """A loop that touches nothing shared is ended and named by its line, and the next plan runs."""
    with executor(COUNTER, ["safe", "spins"], {"words": [0]}, node=NODES[0]) as explorer:
        first, second = explorer.run([Plan(detail=True), Plan((1,))])
    assert [first.ending, second.ending] == ["busy loop", "busy loop"]
    assert [(w.thread, w.source) for w in first.waiting] == [(1, "for (;;);")]


def test_schedule_that_does_not_fit() -> None:
    """A schedule that names a thread which cannot go has diverged."""
    (done,) = run(["plain", "plain"], Plan((5,)))
    assert done.ending == "diverged"


def test_output_does_not_disturb() -> None:
    """What threads print is not taken for an answer and does not pile up."""
    runs = run(["noisy", "noisy"], *[Plan()] * 100)
    assert {done.observation["memory"]["words"][0] for done in runs} == {2}


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("script_kind", ["mjs", "cjs"])
@pytest.mark.parametrize("kind", ["mjs", "cjs"])
def test_exercise_is_importable(tmp_path: Path, node: str, script_kind: str, kind: str) -> None:
    """The scenario and the learner's file may each be an ES module or CommonJS."""
    script = tmp_path / f"scenario.{script_kind}"
    if script_kind == "mjs":
        script.write_text(MODULES)
    elif kind == "mjs" and "v20" in subprocess.check_output([node, "--version"], text=True):
        pytest.skip("Node 20 cannot require an ES module")
    else:
        script.write_text("const { increment } = require('exercise');\nexports.worker = (m) => increment(m.words, 0);")
    exercise = tmp_path / f"exercise.{kind}"
    code = "function increment(words, i) { Atomics.add(words, i, 1); }"
    exercise.write_text(f"export {code}" if kind == "mjs" else f"exports.increment = {code}")
    done, detailed = run(["worker", "worker"], Plan(), Plan(detail=True), script=script, exercise=exercise, node=node)
    assert done.observation["memory"] == detailed.observation["memory"] == {"words": [2]}
    assert {step.file for step in detailed.steps} == {str(exercise)}


def test_process_that_dies_is_an_end_of_that_run(tmp_path: Path) -> None:
    """A thread that kills the whole process fails in the schedule in which it does so, and no other."""
    script = tmp_path / "killer.mjs"
    script.write_text(
        "import { ChildProcess } from 'node:child_process';\n"
        "const kill = { file: '/bin/kill', args: ['kill', '-9', String(process.pid)] };\n"
        "export function killer({ words }) {\n"
        "  if (!Atomics.load(words, 0)) return;\n"
        "  new ChildProcess().spawn(kill);\n"
        "  for (;;);\n"
        "}\n"
        "export const safe = ({ words }) => void Atomics.add(words, 0, 1);\n"
    )
    runs = run(["killer", "safe"], Plan(), Plan((1,)), Plan(), script=script)
    assert [done.ending for done in runs] == ["finished", "exception", "finished"]
    assert "killed by SIGKILL" in runs[1].message


def test_nothing_stays_after_close() -> None:
    """After close, and after an error in the middle of a batch, the Node process is gone."""
    host = NodeHost(COUNTER, node=NODES[0])
    next(NodeExecutor(host, ["safe", "safe"], {"words": [0]}).run([Plan()] * 64))
    pid = host.process().process.pid
    assert alive(pid)
    host.close()
    assert not alive(pid)


def test_unread_answers_do_not_reach_the_next_batch() -> None:
    """A batch that is left half read does not disturb the next one."""
    with executor(COUNTER, ["plain", "plain"], {"words": [0]}, node=NODES[0]) as explorer:
        next(explorer.run([Plan()] * 64))
        (lost,) = explorer.run([Plan((0, 1))])
    assert lost.observation["memory"] == {"words": [1]}


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_nothing_stays_after_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C in the middle of an exploration leaves no Node process."""
    program = tmp_path / "interrupted.py"
    program.write_text(
        "from mtlearn.interleave.node import NodeExecutor, NodeHost\n"
        "from mtlearn.interleave.executor import Plan\n"
        f"with NodeHost({str(COUNTER)!r}, node={NODES[0]!r}) as host:\n"
        "    executor = NodeExecutor(host, ['safe', 'safe'], {'words': [0]})\n"
        "    list(executor.run([Plan()]))\n"
        "    print(host.process().process.pid, flush=True)\n"
        "    while True:\n"
        "        list(executor.run([Plan()] * 64))\n"
    )
    root = str(Path(__file__).parent.parent)
    started = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert started.stdout
    pid = int(started.stdout.readline())
    started.send_signal(signal.SIGINT)
    assert started.wait(60) != 0
    started.stdout.close()
    for _ in range(600):  # it is killed by then; this only waits for the system to take it away
        if not alive(pid):
            break
        time.sleep(0.05)
    assert not alive(pid)
