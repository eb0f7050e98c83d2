"""How fast the Node executor explores: schedules per second, time to the first failure and to "proven".

    python benchmarks/explorer_node.py [--write] [node ...]

takes about ten seconds for each Node; `--write` keeps the tables as benchmarks/explorer_node.md with today's date.
The time of a two-step schedule is the median over batches of the same schedule. The programs are those of
tests/corpus_node, each explored in a process that is up and has loaded another program before: as in a check.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from nodes import CORPUS, Case, executor  # noqa: E402

from mtlearn.interleave.executor import Plan  # noqa: E402

COUNTER = ROOT / "tests" / "node_programs" / "counter.mjs"
BATCH = 512
PROGRAMS = (
    "wrong/plain_increment.mjs",
    "wrong/mutex_split_test_and_set.mjs",
    "wrong/mutex_if_instead_of_while.mjs",
    "wrong/bounded_buffer_one_notify.mjs",
    "wrong/transfer_locks_as_they_come.mjs",
    "wrong/loop_that_never_ends.mjs",
    "wrong/blocks_in_a_call.mjs",
    "right/transfer_ordered_locks.mjs",
    "right/mutex_wait_notify_three.mjs",
    "right/ticket_lock.mjs",
    "right/bounded_buffer_notify_all.mjs",
)


def two_step(node: str) -> tuple[float, float]:
    """Give the milliseconds until the first answer, and the microseconds of one two-step schedule."""
    started = time.perf_counter()
    with executor(COUNTER, ["plain", "plain"], {"words": [0]}, node=node) as explorer:
        list(explorer.run([Plan()]))
        start_ms = 1000 * (time.perf_counter() - started)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            list(explorer.run([Plan()] * BATCH))
            times.append((time.perf_counter() - started) / BATCH)
    return start_ms, 1e6 * statistics.median(times[2:])


def table(node: str) -> Iterator[str]:
    """Give the lines about one Node."""
    version = subprocess.check_output([node, "--version"], text=True).strip()
    start_ms, step_us = two_step(node)
    yield f"\n## Node.js {version}\n"
    yield f"First answer after {start_ms:.0f} ms; a two-step schedule takes {step_us:.0f} µs.\n"
    yield "| program | outcome | schedules | seconds | schedules/s |"
    yield "|---|---|---:|---:|---:|"
    for name in PROGRAMS:
        case = Case(CORPUS / name)
        with case.host(node) as host:
            case.explored(host, max_schedules=1)
            result = case.explored(host)
        assert result.seconds
        rate = result.schedules / result.seconds
        yield f"| {name} | {result.outcome} | {result.schedules:,} | {result.seconds:.3f} | {rate:,.0f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the tables as benchmarks/explorer_node.md")
    parser.add_argument("node", nargs="*", default=["node"])
    arguments = parser.parse_args()
    lines = [
        "# The Node explorer\n",
        f"Measured on {datetime.date.today().isoformat()} with `python benchmarks/explorer_node.py --write`: "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. Bound: 2 preemptions; at most 5,000 schedules. For a "
        "wrong program schedules are those to the first failure, and seconds include simplifying and replaying it; "
        "for a right one both are those to the answer. Rows with one schedule are hangs: the time is the watchdog's.",
    ]
    print("\n".join(lines))
    for node in arguments.node:
        for line in table(node):
            lines.append(line)
            print(line, flush=True)
    if arguments.write:
        Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
