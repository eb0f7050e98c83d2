"""How fast the explorer finds and proves, beside frontrun and interleave-test, in one run on one machine.

    python benchmarks/explorer.py [--write]

installs the two others into a temporary environment, runs each tool on each program in its own process,
one after the other, and prints a table; `--write` keeps it as benchmarks/explorer.md with today's date. Needs
Python 3.12 or later for interleave-test. The programs are those of tests/corpus, and a locked counter that
grows in threads and rounds.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
LIMIT_S = 6.0  # for one tool on one program
SCHEDULES = 2_500
TOOLS = ("mtlearn", "interleave-test dfs", "interleave-test random", "frontrun dpor")
PROGRAMS = (
    "wrong_load_store",
    "wrong_split_lock",
    "wrong_lock_order",
    "wrong_lost_wakeup",
    "wrong_check_in",
    "wrong_transfer_one_by_one",
    "right_lock",
    "right_condition",
    "right_transfer_ordered",
    "right_peterson",
    "counter 2x1",
    "counter 2x3",
    "counter 2x6",
    "counter 3x1",
    "counter 3x2",
)


class Locked:
    """A counter under a lock."""

    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()


def program(name: str) -> tuple[Callable[[], Any], list[Callable[[Any], Any]], Callable[[Any], None]]:
    """Give set-up, threads and check of a program."""
    if name.startswith("counter "):
        threads, rounds = map(int, name.removeprefix("counter ").split("x"))

        def add(state: Locked) -> None:
            for _ in range(rounds):
                with state.lock:
                    state.value += 1

        def check(state: Locked) -> None:
            assert state.value == threads * rounds

        return Locked, [add] * threads, check
    path = ROOT / "tests" / "corpus" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.setup, module.THREADS, module.check


def run_one(tool: str, name: str) -> dict[str, Any]:
    """Run one tool on one program: schedules, seconds, and what it says."""
    setup, threads, check = program(name)
    if tool == "mtlearn":
        from mtlearn.interleave import explore

        result = explore(setup, threads, check, max_schedules=SCHEDULES, safety_s=LIMIT_S)
        return {"says": result.outcome, "schedules": result.schedules, "seconds": result.seconds}
    clock = time.perf_counter
    started = clock()
    if tool.startswith("interleave-test"):
        import interleave_test  # type: ignore[import-not-found, unused-ignore]

        def model() -> None:
            state = setup()
            spawned = [interleave_test.spawn(lambda t=t: t(state)) for t in threads]
            for thread in spawned:
                thread.join()
            check(state)

        found = interleave_test.explore(
            model,
            iterations=SCHEDULES,
            strategy=tool.split()[1],
            seed=0,
            max_preemptions=2,
            raise_on_failure=False,
        )
        says = "refuted" if not found.ok else "proven" if found.exhausted else "not refuted"
        return {"says": says, "schedules": found.schedules_run, "seconds": clock() - started}
    import frontrun  # type: ignore[import-not-found, unused-ignore]

    def holds(state: Any) -> bool:
        try:
            check(state)
        except AssertionError:
            return False
        return True

    found = frontrun.explore(setup, list(threads), holds, total_timeout=LIMIT_S, deadlock_timeout=1.0)
    says = {True: "holds", False: "refuted", None: "inconclusive"}[found.property_holds]
    return {"says": says, "schedules": found.num_explored, "seconds": clock() - started}


def measure(python: str, tool: str, name: str) -> dict[str, Any]:
    """Run one tool on one program in its own process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, str(HERE), "--one", tool, name]
    if tool.startswith("frontrun"):
        command.insert(0, str(Path(python).parent / "frontrun"))  # it insists on being the one that starts Python
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=3 * LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {"says": f"no answer in {3 * LIMIT_S:g} s"}
    try:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"says": "crashed: " + (done.stderr.strip().splitlines() or ["?"])[-1][:60]}
    return answer


def row(tool: str, name: str, answer: dict[str, Any]) -> str:
    """Give a line of the table."""
    if "schedules" not in answer:
        return f"| {name} | {tool} | {answer['says']} | | | |"
    seconds = max(answer["seconds"], 1e-6)
    rate = f"{answer['schedules'] / seconds:,.0f}"
    return f"| {name} | {tool} | {answer['says']} | {answer['schedules']:,} | {seconds:.3f} | {rate} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("TOOL", "PROGRAM"), help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/explorer.md")
    parser.add_argument("--python", help="an interpreter that has all three already")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run_one(*arguments.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        python = arguments.python
        if python is None:
            venv.create(folder, with_pip=True)
            python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
            subprocess.run([python, "-m", "pip", "install", "-q", "frontrun", "interleave-test", "numpy"], check=True)
        lines = [
            "# The Python explorer beside others",
            "",
            f"Measured on {datetime.date.today().isoformat()} with `python benchmarks/explorer.py --write`: "
            f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. "
            f"Bound: 2 preemptions; at most {SCHEDULES:,} schedules or about {LIMIT_S:g} s each. For a wrong "
            "program schedules and seconds are those to the first failure, for a right one those to the "
            "answer. "
            '"proven" and "holds" are each tool\'s own claim.',
            "",
            "| program | tool | says | schedules | seconds | schedules/s |",
            "|---|---|---|---:|---:|---:|",
        ]
        for name in PROGRAMS:
            for tool in TOOLS:
                if tool.endswith("random") and not name.startswith("wrong_"):
                    continue  # random schedules prove nothing, and the rate is that of dfs
                lines.append(row(tool, name, measure(python, tool, name)))
                print(lines[-1], flush=True)
    if arguments.write:
        HERE.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
