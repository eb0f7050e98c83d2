"""What breaks across an `await`: the explorer beside other tools, in asyncio and in Node.js, in one run.

    python benchmarks/awaits.py --python PYTHON [--venvs FOLDER] [--fast-check FOLDER] [--write]

In Node.js the programs are those of benchmarks/awaits, written so that fast-check's `scheduler()` can order each answer
that they await; mtlearn explores them with timers in place of it, and stress runs them with real ones. In Python they
are the programs of tests/corpus with tasks of asyncio. PYTHON (3.12 or later) runs frontrun, which is installed into an
environment of its own in the folder of --venvs (interleave-test takes no coroutine); fast-check is installed with
npm. `--write` keeps the tables as benchmarks/awaits.md with today's date.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from beside import SCHEDULES, STRESS_S, asked, prepared, row

HERE = Path(__file__).resolve()
PROGRAMS = HERE.parent / "awaits"
CORPUS = HERE.parents[1] / "tests" / "corpus"
KINDS = ("_aio_", "_await_", "_cancel_", "call_later")
FAST_CHECK = "fast-check@4.11.0"
LIMIT_S = 6.0  # for one tool on one program in Node.js
PYTHON_TOOLS = ("mtlearn", "frontrun dpor", "frontrun random", "stress")
NODE_TOOLS = ("mtlearn", "fast-check scheduler()", "stress")
HEAD = (
    "| tool | wrong: refuted | right: wrongly refuted | unanswered | schedules | seconds |",
    "|---|---:|---:|---:|---:|---:|",
)


def by_mtlearn(path: Path, node: str) -> dict[str, Any]:
    """Explore a program of the folder."""
    from mtlearn.interleave.node import NodeHost

    head = json.loads(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("//"))

    def judge(seen: Any) -> str | None:
        return None if eval(head["check"], {}, dict(seen["memory"])) else "wrong"

    with NodeHost(PROGRAMS / "scenario.mjs", exercise=path, node=node) as host:
        result = host.search(["run"], head["memory"], judge, max_schedules=SCHEDULES, safety_s=LIMIT_S)
    return {"outcome": result.outcome, "schedules": result.schedules, "seconds": result.seconds}


def by_peer(path: Path, tool: str, node: str, folder: Path) -> dict[str, Any]:
    """Let fast-check, or the machine itself, order it."""
    command = [node, str(PROGRAMS / "peer.mjs"), tool, str(path), str(LIMIT_S), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5 * LIMIT_S, check=True)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, IndexError, ValueError):
        return {"outcome": "open", "schedules": 0, "seconds": 5 * LIMIT_S}
    return answer


def told(name: str, answers: list[dict[str, Any]]) -> None:
    """Print what was said of one program."""
    print(f"{name:36}" + "".join(f"{answer['outcome']:13}" for answer in answers), flush=True)


def in_node(node: str, folder: Path) -> Iterator[str]:
    """Give the lines about Node.js."""
    answers: dict[str, dict[str, dict[str, Any]]] = {tool: {} for tool in NODE_TOOLS}
    files = sorted([*PROGRAMS.glob("wrong_*.mjs"), *PROGRAMS.glob("right_*.mjs")])
    for path in files:
        for tool in NODE_TOOLS:
            answer = by_mtlearn(path, node) if tool == "mtlearn" else by_peer(path, tool, node, folder)
            answers[tool][path.stem] = answer
        told(path.stem, [answers[tool][path.stem] for tool in NODE_TOOLS])
    version = subprocess.check_output([node, "--version"], text=True).strip()
    yield f"\n## Node.js {version}: {len(files)} programs, {FAST_CHECK}\n"
    yield from HEAD
    yield from (row(tool, answers[tool]) for tool in NODE_TOOLS)
    missed = [name for name, each in answers[NODE_TOOLS[1]].items() if name[0] == "w" and each["outcome"] != "refuted"]
    if missed:
        yield f"\nfast-check orders what a program hands to it; what it does not find awaits something else: {missed}."


def in_python(python: Path, folder: Path) -> Iterator[str]:
    """Give the lines about asyncio."""
    pythons = prepared(folder, python)
    answers: dict[str, dict[str, dict[str, Any]]] = {tool: {} for tool in PYTHON_TOOLS}
    files = sorted(path for path in CORPUS.glob("*.py") if any(kind in path.name for kind in KINDS))
    for path in files:
        for tool in PYTHON_TOOLS:
            answers[tool][path.stem] = asked(pythons[tool], tool, path)
        told(path.stem, [answers[tool][path.stem] for tool in PYTHON_TOOLS])
    ask = "import platform as p, importlib.metadata as m; print(m.version('frontrun'), 'on Python', p.python_version())"
    frontrun = subprocess.check_output([pythons["frontrun dpor"], "-c", ask], text=True).strip()
    yield f"\n## asyncio: {len(files)} programs, Python {platform.python_version()}; frontrun {frontrun}\n"
    yield from HEAD
    yield from (row(tool, answers[tool]) for tool in PYTHON_TOOLS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, help="a Python of 3.12 or later")
    parser.add_argument("--node", default="node")
    parser.add_argument("--venvs", type=Path, help="where the Python tools are installed, or will be")
    parser.add_argument("--fast-check", type=Path, help="a folder with fast-check in node_modules")
    parser.add_argument("--write", action="store_true", help="keep the tables as benchmarks/awaits.md")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        peers = arguments.fast_check or Path(temporary)
        if not (peers / "node_modules").exists():
            subprocess.run(
                ["npm", "install", "--prefix", str(peers), FAST_CHECK], check=True, stdout=subprocess.DEVNULL
            )
        tables = [
            *in_node(arguments.node, peers),
            *in_python(arguments.python, arguments.venvs or Path(temporary) / "venvs"),
        ]
    lines = [
        "# What breaks across an await: the explorer beside others",
        "",
        f"Measured on {datetime.date.today().isoformat()} with `python benchmarks/awaits.py`: {os.cpu_count()} cores, "
        f"load {load:.0f} at the start and {os.getloadavg()[0]:.0f} at the end. mtlearn is given {SCHEDULES:,} "
        f"schedules, stress {STRESS_S:g} s, the others 4 to {LIMIT_S:g} s for each program. Schedules and seconds are "
        "medians of the wrong programs that a tool refutes. Unanswered is what ends in an error of the tool, is "
        "inconclusive or hangs. frontrun takes coroutines as they are; interleave-test has no row: with a "
        "loop in one of its threads it refutes all programs, right ones too, in the first schedule.",
        *tables,
    ]
    print("\n".join(lines))
    if arguments.write:
        HERE.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
