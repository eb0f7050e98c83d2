"""How long mtlearn takes to start, beside what cannot be avoided, in one run.

    python benchmarks/startup.py [--runs 15]

Every command is run once in each round, in turn, so that a machine that grows slower meets all of them alike. The
figures are medians of wall-clock milliseconds; the ratios are medians of the ratios within a round.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = ROOT / "solutions" / "exercise_05"
SCRIPT = Path(sys.executable).with_name("mtlearn")
MTLEARN = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "mtlearn"]

TYPER = "import typer\napp = typer.Typer()\n@app.command()\ndef hello(): print('hello')\napp(standalone_mode=False)"
COMPLETION = {"_MTLEARN_COMPLETE": "complete_bash", "COMP_WORDS": "mtlearn check exercise-5", "COMP_CWORD": "2"}

GOALS = {
    ("--version", "import typer"): 1.2,
    ("--help", "import typer"): 1.2,
    ("completion of a name", "import typer"): 1.2,
    ("check exercise-5 (Python)", "pytest, one test"): 2.0,
}


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands by name; `folder` holds a test file for bare pytest."""
    (folder / "test_one.py").write_text("def test_one():\n    assert 1 + 1 == 2\n", encoding="utf-8")
    python = [sys.executable, "-c"]
    found = {
        "pass": [*python, "pass"],
        "import typer": [*python, "import typer"],
        "import typer, rich.console": [*python, "import typer, rich.console"],
        "pytest, one test": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        "--version": [*MTLEARN, "--version"],
        "--help": [*MTLEARN, "--help"],
        "bare mtlearn": MTLEARN,
        "list --plain": [*MTLEARN, "list", "--plain"],
        "demo --list": [*MTLEARN, "demo", "--list"],
        "completion of a name": ["env", *(f"{name}={value}" for name, value in COMPLETION.items()), *MTLEARN],
        "a minimal Typer app": [*python, TYPER],
        "check exercise-5 (Python)": [*MTLEARN, "check", "exercise-5", "--file", str(SOLUTION / "solution.py")],
    }
    if other := shutil.which("pythonlings"):
        found["pythonlings --version"] = [other, "--version"]
    if shutil.which("node"):
        found["node -e 0"] = ["node", "-e", "0"]
        found["check exercise-5 (Node.js)"] = [
            *MTLEARN, "check", "exercise-5", "--file", str(SOLUTION / "solution.mjs"),
        ]  # fmt: skip
    return found


def milliseconds(command: list[str], folder: Path) -> float:
    """One run of a command."""
    started = time.perf_counter()
    # bare pytest: without whatever plugins happen to be installed beside it
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": ""}
    ended = subprocess.run(command, cwd=folder, env=bare, capture_output=True, check=False)
    if ended.returncode:
        raise SystemExit(f"{command} failed:\n{ended.stdout.decode()}{ended.stderr.decode()}")
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = commands(folder)
        for command in known.values():  # warm the caches of files
            milliseconds(command, folder)
        rounds = [{name: milliseconds(command, folder) for name, command in known.items()} for _ in range(runs)]

    def ratio(of: str, to: str) -> float:
        return statistics.median(each[of] / each[to] for each in rounds)

    print(f"Python {platform.python_version()}, {runs} rounds, {time.strftime('%Y-%m-%d')}\n")
    print("| command | median ms | × pass | × import typer | × pytest |")
    print("|---|---:|---:|---:|---:|")
    for name in known:
        median = statistics.median(each[name] for each in rounds)
        ratios = " | ".join(f"{ratio(name, to):.2f}" for to in ("pass", "import typer", "pytest, one test"))
        print(f"| {name} | {median:.0f} | {ratios} |")
    print()
    for (of, to), goal in GOALS.items():
        measured = ratio(of, to)
        word = "met" if measured <= goal else "MISSED"
        print(f"- `{of}` within {goal} × `{to}`: {measured:.2f}, {word}")


if __name__ == "__main__":
    main()
