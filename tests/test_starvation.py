"""mtlearn.grading.starvation: a tick that the machine gave to others does not count."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes import NODES

from mtlearn.grading import starvation
from mtlearn.grading.starvation import Starvation

LOOP_AND_WAIT = """
import threading, time
from mtlearn.grading.starvation import Starvation

def loop():
    while True:
        pass

def busy():
    starvation = Starvation()
    for _ in range(10):
        time.sleep(0.02)
        starvation.fed()
    return starvation.busy()

threading.Thread(target=threading.Event().wait, daemon=True).start()
print(busy())
threading.Thread(target=loop, daemon=True).start()
print(busy())
"""
NODE_LOOP_AND_WAIT = """
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Starvation } from %s;

async function busy() {
  const starvation = new Starvation();
  for (let i = 0; i < 10; i++) {
    await sleep(20);
    starvation.fed();
  }
  return starvation.busy();
}

async function crew(code) {
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage(1);" + code, { eval: true });
  await new Promise((resolve) => worker.once('message', resolve));
  await sleep(100); // what starting it took has passed
}

await crew('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);');
console.log(await busy());
await crew('for (;;);');
console.log(await busy());
process.exit();
"""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """What the system tells each time it is asked."""
    told: list[dict[str, int]] = []
    answers: Iterator[dict[str, int]] = (told.pop(0) for _ in iter(int, 1))
    monkeypatch.setattr(starvation, "_threads", lambda processes: {name: (0, ns) for name, ns in next(answers).items()})
    return told


@pytest.fixture(autouse=True)
def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by one tick each time it is looked at."""
    seconds = itertools.count(100.0, 0.0625)
    monkeypatch.setattr(starvation, "monotonic", lambda: next(seconds))


def test_the_share_in_which_none_waited(waits: list[dict[str, int]]) -> None:
    """Of a tick, the part in which a thread waited for a processor does not count; at least a fifth does."""
    waits += [{"a": 0, "b": 5}, {"a": 31_250_000, "b": 5}, {"a": 31_250_000, "b": 5}, {"a": 10**10, "c": 7}]
    starved = Starvation()
    assert [starved.fed() for _ in range(3)] == [0.5, 1.0, pytest.approx(0.2)]


def test_threads_that_take_the_processor_from_each_other(waits: list[dict[str, int]]) -> None:
    """Many threads that spin at once do not make a hang last five times as long: the one that waits most counts."""
    waits += [{}, dict.fromkeys("abcdefgh", 12_500_000)]
    assert Starvation().fed() == pytest.approx(0.8)


def test_where_the_system_does_not_tell(waits: list[dict[str, int]]) -> None:
    """Every tick counts where nothing is told of the threads."""
    waits += [{}, {}]
    assert Starvation().fed() == 1.0


@pytest.mark.parametrize(
    ("ran_ms", "waited_ms", "busy"),
    [
        pytest.param(0, 0, False, id="waits"),
        pytest.param(600, 0, True, id="a loop that has a processor"),
        pytest.param(10, 500, True, id="a loop that others leave no processor"),
        pytest.param(50, 0, True, id="a loop that polls"),
        pytest.param(5, 200, False, id="the runtime's own work, on a busy machine"),
    ],
)
def test_a_loop_is_told_from_a_wait(monkeypatch: pytest.MonkeyPatch, ran_ms: int, waited_ms: int, busy: bool) -> None:
    """A thread that runs or could run is told from one that waits, whether or not the machine lets it run."""
    looks = iter([(0, 0)] * 5 + [(ran_ms * i * 100_000, waited_ms * i * 100_000) for i in range(11)])
    monkeypatch.setattr(starvation, "_threads", lambda processes: {"/proc/self/task/1/schedstat": next(looks)})
    starved = Starvation()
    for _ in range(15):
        starved.fed()
    assert starved.busy() == busy


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
def test_what_the_system_tells() -> None:
    """The system tells of this process's threads."""
    assert starvation._threads(["self"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
def test_threads_that_run_and_that_wait() -> None:
    """A thread in a loop is found to be busy, and none where all others wait."""
    found = subprocess.run(
        [sys.executable, "-c", LOOP_AND_WAIT],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert found.stdout.split() == ["False", "True"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
@pytest.mark.parametrize("node", NODES, ids=str)
def test_workers_that_run_and_that_wait(node: str, tmp_path: Path) -> None:
    """The same in Node.js."""
    file = tmp_path / "workers.mjs"
    file.write_text(NODE_LOOP_AND_WAIT % json.dumps(str(Path(starvation.__file__).with_name("node_starvation.mjs"))))
    found = subprocess.run([node, file], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["false", "true"]
