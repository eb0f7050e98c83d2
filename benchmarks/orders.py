"""How many schedules it takes to run all orders: by preemptions, by classes, and beside frontrun, in one run.

    python benchmarks/orders.py [--write] [--python PYTHON]

runs each tool on programs that grow in threads and rounds, each in a process of its own and one after the other, and
prints a table; `--write` keeps it as benchmarks/orders.md with today's date. frontrun is installed into a temporary
environment, or taken from PYTHON's. Seconds are of processor time, so that a busy machine changes little.

"before" is the search by preemptions without a bound, as far as `MOST` schedules; "classes" runs one of each class.
frontrun knows no Node.js: there the first two stand alone.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
MOST = 2_000  # schedules of one tool on one program
LIMIT_S = 20.0  # seconds for one tool on one program
TOOLS = ("before", "classes", "frontrun dpor")
GROWTH = {  # the most rounds for each number of threads
    "locked": {2: 4, 3: 2},
    "plain": {2: 2, 3: 1},
    "two locks": {2: 2},
    "bounded buffer": {2: 2},
    "Node.js atomic": {2: 4, 3: 2},
    "Node.js plain": {2: 2, 3: 1},
    "Node.js locked": {2: 2, 3: 1},
}

Work = Callable[[Any], None]


class State:
    """What the threads share."""

    def __init__(self) -> None:
        self.value = 0
        self.items: list[int] = []
        self.taken: list[int] = []
        self.lock, self.other = threading.Lock(), threading.Lock()
        self.room, self.some = threading.Condition(self.lock), threading.Condition(self.lock)


def program(kind: str, threads: int, turns: int) -> tuple[Callable[[], Any], list[Work], Callable[[Any], bool]]:
    """Give set-up, threads and check of a program that is right, but for the plain counter, which nobody checks."""

    def locked(state: Any) -> None:
        for _ in range(turns):
            with state.lock:
                state.value += 1

    def plain(state: Any) -> None:
        for _ in range(turns):
            state.value += 1

    def both(state: Any) -> None:
        for _ in range(turns):
            with state.lock, state.other:
                state.value += 1

    def put(state: Any) -> None:
        for n in range(turns):
            with state.room:
                while len(state.items) == 1:
                    state.room.wait()
                state.items.append(n)
                state.some.notify()

    def take(state: Any) -> None:
        for _ in range(turns):
            with state.some:
                while not state.items:
                    state.some.wait()
                state.taken.append(state.items.pop())
                state.room.notify()

    if kind == "bounded buffer":
        return State, [put, take], lambda state: list(state.taken) == list(range(turns))
    work = {"locked": locked, "plain": plain, "two locks": both}[kind]
    return State, [work] * threads, lambda state: kind == "plain" or state.value == threads * turns


def run_one(tool: str, kind: str, threads: int, rounds: int) -> dict[str, Any]:
    """Run one tool on one program: schedules, whether these are all, and seconds of processor time."""
    since = processor_time
    started = since()
    if kind.startswith("Node.js "):
        from mtlearn.interleave.node.executor import NodeExecutor
        from mtlearn.interleave.node.process import Host
        from mtlearn.interleave.search import search

        calls = [(kind.split()[1], [rounds])] * threads
        with Host(HERE.with_suffix(".mjs")) as host:
            node = NodeExecutor(host, calls, {"words": [0, 0]}, tells=tool == "classes")
            result = search(node, lambda seen: None, max_schedules=MOST, safety_s=LIMIT_S)
        return told(result, since() - started)
    setup, work, check = program(kind, threads, rounds)
    if tool in ("before", "classes"):
        from mtlearn.interleave.python import PythonExecutor
        from mtlearn.interleave.search import search

        with PythonExecutor(setup, work, lambda state: None if check(state) else "wrong") as executor:
            executor.watch.tells = tool == "classes"
            result = search(executor, lambda wrong: wrong, max_schedules=MOST, safety_s=LIMIT_S)
        return told(result, since() - started)
    import frontrun  # type: ignore[import-not-found, unused-ignore]

    found = frontrun.explore(setup, work, check, total_timeout=LIMIT_S, deadlock_timeout=5.0)
    return {"schedules": found.num_explored, "all": found.property_holds is True, "seconds": since() - started}


def processor_time() -> float:
    """Give the seconds of processor time of this process, and of those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def told(result: Any, seconds: float) -> dict[str, Any]:
    """Say how far a search came."""
    return {
        "schedules": result.schedules,
        "all": result.exhausted,
        "classes": result.classes,
        "seconds": seconds,
    }


def measure(python: str, tool: str, kind: str, threads: int, rounds: int) -> dict[str, Any]:
    """Run one tool on one program in a process of its own."""
    command = [python, str(HERE), "--one", tool, kind, str(threads), str(rounds)]
    if tool in ("before", "classes"):
        command[0] = sys.executable
    elif tool.startswith("frontrun"):
        command.insert(0, str(Path(python).parent / "frontrun"))  # it insists on being the one that starts Python
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=4 * LIMIT_S, check=False
        )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError):
        return {}
    return answer


def cell(answer: dict[str, Any] | None) -> str:
    """Give schedules and seconds; "+" where there are more."""
    if answer is None:
        return ""
    if not answer:
        return "no answer"
    return f"{answer['schedules']:,}{'' if answer['all'] else '+'}, {answer['seconds']:.2f} s"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/orders.md")
    parser.add_argument("--python", help="an interpreter that has frontrun already")
    arguments = parser.parse_args()
    if arguments.one:
        tool, kind, threads, rounds = arguments.one
        print(json.dumps(run_one(tool, kind, int(threads), int(rounds))))
        return
    with tempfile.TemporaryDirectory() as folder:
        python = arguments.python
        if python is None:
            venv.create(folder, with_pip=True)
            python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
            subprocess.run([python, "-m", "pip", "install", "-q", "frontrun"], check=True)
        lines = [
            "# All orders of steps: how many runs they take",
            "",
            f"Measured on {datetime.date.today().isoformat()} with `python benchmarks/orders.py --write`: "
            f"Python {platform.python_version()} for mtlearn, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}. "
            "Each cell: schedules, and seconds of processor time; a + says that there are more than were run (at most"
            f" {MOST:,} schedules and {LIMIT_S:g} s each). frontrun is bounded by preemptions unless it is told "
            "otherwise, so that its count may lie below that of the classes.",
            "",
            f"| program, threads x rounds | classes | {' | '.join(TOOLS)} |",
            f"|---|---:|{'---:|' * len(TOOLS)}",
        ]
        print("\n".join(lines), flush=True)
        for kind, threads, rounds in [
            (kind, threads, rounds)
            for kind, most in GROWTH.items()
            for threads, last in most.items()
            for rounds in range(1, last + 1)
        ]:
            tools = TOOLS[:2] if kind.startswith("Node.js") else TOOLS
            found = {tool: measure(python, tool, kind, threads, rounds) for tool in tools}
            classes = found["classes"].get("classes")
            known = f"{classes:,}" if classes else "more"
            row = f"| {kind} {threads} x {rounds} | {known} | {' | '.join(cell(found.get(tool)) for tool in TOOLS)} |"
            lines.append(row)
            print(row, flush=True)
    if arguments.write:
        HERE.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
