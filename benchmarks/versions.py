"""The explorer's verdicts on the programs of tests/corpus under several versions of Python and Node.js.

    python benchmarks/versions.py PYTHON... [--node EXECUTABLE...] [--write]

Each PYTHON has mtlearn, pytest and numpy installed. One row per version: how many right and wrong programs there are,
and which of them have another verdict than they must. `--write` keeps the table as benchmarks/versions.md with
today's date.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
TOLD = re.compile(r"^corpus on (.+?): (\d+) right, (\d+) wrong", re.MULTILINE)
FAILED = re.compile(r"^FAILED .*\[(?:.*/)?([^\]/]+)\]", re.MULTILINE)


def rows(python: str, test: str, **more: str) -> list[str]:
    """Run the corpus and give a row for each version that ran it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        f"tests/{test}",
        "-k",
        "verdict or program",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    failed = FAILED.findall(done.stdout)
    if not (told := TOLD.findall(done.stdout)):
        return [f"| {python} | | | no answer: {done.stdout.strip().splitlines()[-1:]} |"]
    return [
        f"| {version} | {right} | {wrong} | {', '.join(f'`{name}`' for name in failed) or 'none'} |"
        for version, right, wrong in told
    ]


def main() -> None:
    """Run them all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*")
    parser.add_argument("--node", nargs="*", default=[], help="executables of Node.js beside the one on PATH")
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/versions.md")
    arguments = parser.parse_args()
    lines = [
        "# The corpus under several versions",
        "",
        f"Run on {datetime.date.today().isoformat()} with `python benchmarks/versions.py`: {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.0f}. A program has its verdict if it is refuted in the way its mistake shows, or, "
        "being right, neither refuted nor unchecked.",
        "",
        "| version | right programs | wrong programs | with another verdict |",
        "|---|---:|---:|---|",
    ]
    for python in arguments.pythons:
        lines += rows(python, "test_corpus.py")
        print(lines[-1], flush=True)
    if arguments.node:
        lines += rows(sys.executable, "test_corpus_node.py", MTLEARN_TEST_NODES=os.pathsep.join(arguments.node))
    print("\n".join(lines))
    if arguments.write:
        HERE.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
