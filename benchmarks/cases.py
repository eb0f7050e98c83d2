"""The explorer's verdicts on a folder of small programs, right and wrong, in both runtimes.

    python benchmarks/cases.py FOLDER [--only TEXT] [--limit SECONDS] [--schedules COUNT] [--node EXECUTABLE]

Each program runs in its own process. A `.py` file has `setup`, `THREADS` and `check`; the first line of an `.mjs`
file is a comment that holds JSON: `threads`, `memory` and `check` (a Python expression over the memory's words). What
is named `wrong_…` must be refuted, what is named `right_…` must not be.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
LIMIT_S = 60.0  # for one program
SAFETY_S = 20.0  # of them, for its schedules


def explored(path: Path, schedules: int, node: str) -> dict[str, Any]:
    """Explore one program in this process."""
    from mtlearn.interleave import explore, explore_node

    budget: dict[str, Any] = {"max_schedules": schedules, "safety_s": SAFETY_S}
    if path.suffix == ".mjs":
        sys.path.append(str(HERE.parents[1] / "tests"))
        from nodes import walk

        head = json.loads(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("//"))

        def check(memory: dict[str, list[int]]) -> None:
            assert eval(head["check"], {"walk": walk}, memory), memory  # of the program's own head

        result = explore_node(path, head["threads"], head["memory"], check, node=node, **budget)
    else:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        result = explore(module.setup, module.THREADS, module.check, **budget)
    told = result.counterexample.message if result.counterexample else result.reason
    return {"outcome": result.outcome, "schedules": result.schedules, "seconds": result.seconds, "told": told or ""}


def asked(path: Path, limit: float, schedules: int, node: str) -> dict[str, Any]:
    """Explore one program in its own process, which is ended at the limit (seconds)."""
    command = [sys.executable, str(HERE), "--one", str(path), "--schedules", str(schedules), "--node", node]
    started = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"outcome": "no answer", "schedules": 0, "seconds": limit, "told": ""}
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        return {"outcome": "crashed", "schedules": 0, "seconds": time.perf_counter() - started, "told": last}
    return answer


def judged(name: str, outcome: str) -> str:
    """Say whether an outcome is the right one for a program of that name."""
    if outcome not in ("refuted", "not refuted", "proven"):
        return "open"
    return "ok" if (outcome == "refuted") == name.startswith("wrong_") else "WRONG"


def main() -> None:
    """Explore them all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="only programs whose path holds this")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds for one program")
    parser.add_argument("--schedules", type=int, default=5_000)
    parser.add_argument("--node", default="node")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(explored(arguments.one, arguments.schedules, arguments.node)))
        return
    if arguments.folder is None:
        parser.error("name a folder")
    files = sorted(f for f in arguments.folder.rglob("*") if f.suffix in (".py", ".mjs") and arguments.only in str(f))
    rows = []
    for path in files:
        if not path.name.startswith(("right_", "wrong_")):
            continue
        answer = asked(path, arguments.limit, arguments.schedules, arguments.node)
        rows.append((path, answer, judged(path.name, answer["outcome"])))
        print(
            f"{rows[-1][2]:6}{path.name:40}{answer['outcome']:12}{answer['schedules']:6,}{answer['seconds']:7.2f} s  "
            f"{answer['told'][:90]}",
            flush=True,
        )
    for start, good in (("wrong_", "refuted"), ("right_", "not refuted")):
        mine = [(answer, verdict) for path, answer, verdict in rows if path.name.startswith(start)]
        if not mine:
            continue
        count = {word: sum(verdict == word for _, verdict in mine) for word in ("ok", "WRONG", "open")}
        schedules = statistics.median(answer["schedules"] for answer, _ in mine)
        seconds = statistics.median(answer["seconds"] for answer, _ in mine)
        print(
            f"{len(mine)} {start.strip('_')}: {count['ok']} {good}, {count['WRONG']} with a false verdict, "
            f"{count['open']} without one; median {schedules:,.0f} schedules, {seconds:.2f} s"
        )


if __name__ == "__main__":
    main()
