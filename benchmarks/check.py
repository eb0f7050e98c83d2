"""How long `mtlearn check` takes on each reference solution, beside another checkout, in one run.

    python benchmarks/check.py --against ../before [--rounds 3] [--only 5 --only 8] [--write]

Each round starts every check afresh, first of the other checkout, then of this one, so that both meet the same
machine. Seconds are medians; a ratio is the median of the ratios within a round. Processor time is that of the command
and of all it waited for: on a busy machine it tells more than seconds.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_suffix(".md")
SUFFIXES = {"python": "py", "node": "mjs"}


class Took(NamedTuple):
    """Seconds of one check, on the wall and of processors."""

    wall: float
    cpu: float


def took(checkout: Path, exercise: int, runtime: str, home: str) -> Took:
    """Check the reference solution of an exercise once."""
    solution = checkout / "solutions" / f"exercise_{exercise:02}" / f"solution.{SUFFIXES[runtime]}"
    command = [sys.executable, "-m", "mtlearn", "check", f"exercise-{exercise}", "--runtime", runtime]
    before, started = os.times(), time.perf_counter()
    ended = subprocess.run(
        [*command, "--file", str(solution)],
        env={**os.environ, "PYTHONPATH": str(checkout), "MTLEARN_HOME": home},
        cwd=home,
        capture_output=True,
        check=False,
    )
    wall, after = time.perf_counter() - started, os.times()
    if ended.returncode:
        raise SystemExit(f"{solution} did not pass:\n{ended.stdout.decode()}{ended.stderr.decode()}")
    return Took(wall, after.children_user + after.children_system - before.children_user - before.children_system)


def commit(checkout: Path) -> str:
    """Name the commit of a checkout."""
    told = subprocess.run(["git", "-C", str(checkout), "log", "-1", "--format=%h"], capture_output=True, check=False)
    return told.stdout.decode().strip() or "?"


def row(exercise: int, runtime: str, rounds: list[tuple[Took, Took]]) -> str:
    """A line of the table."""
    seconds = [f"{statistics.median(pair[i][j] for pair in rounds):.2f}" for j in (0, 1) for i in (0, 1)]
    ratios = [f"{statistics.median(pair[1][j] / pair[0][j] for pair in rounds):.2f}" for j in (0, 1)]
    return "| " + " | ".join([f"{exercise}, {runtime}", *seconds[:2], ratios[0], *seconds[2:], ratios[1]]) + " |"


def main() -> None:
    """Measure, and print a table in Markdown, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--against", type=Path, required=True, help="another checkout of mtlearn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=int, action="append", help="the number of an exercise")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name} as well")
    asked = parser.parse_args()
    other = asked.against.resolve()
    for checkout in (other, ROOT):
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(checkout / "mtlearn")], check=False)
    lines = [
        "# A check, beside another commit",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} with `python benchmarks/check.py`: this checkout beside "
        f"{commit(other)}, Python {platform.python_version()}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[0]:.1f}, {asked.rounds} rounds. Reference solutions, started afresh; medians.",
        "",
        "| exercise | s before | s now | ratio | processor s before | now | ratio |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as home:
        for runtime in SUFFIXES:
            for exercise in asked.only or range(1, 11):
                rounds = [
                    (took(other, exercise, runtime, home), took(ROOT, exercise, runtime, home))
                    for _ in range(asked.rounds)
                ]
                lines.append(row(exercise, runtime, rounds))
                print(lines[-1], flush=True)
    if asked.write:
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
