"""What the explorer says of small programs, right and wrong, beside what other tools say of them, in one run.

    python benchmarks/beside.py FOLDER... [--write] [--venvs FOLDER] [--only TEXT]

Installs interleave-test and frontrun into virtual environments of their own, with the Python that runs this (3.12 or
later), runs each tool on each program in a process of its own, one after the other, and prints a table; `--write`
keeps it as benchmarks/beside.md with today's date. A program is a `.py` file with `setup`, `THREADS` and `check`:
what is named `wrong_…` must be refuted, what is named `right_…` must not be. "Stress" runs it for real.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import importlib.util
import inspect
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import venv
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
LIMIT_S = 4.0  # what a tool is given for one program
PATIENCE_S = 6.0  # after which its process is ended, where the tool knows no limit of time
HANGS_S = 30.0  # the same, where it does
STRESS_S = 6.0
SCHEDULES = 2_500
TOOLS = ("mtlearn", "interleave-test dfs", "interleave-test random", "frontrun dpor", "frontrun random", "stress")


def program(path: Path) -> Any:
    """Load a program."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def holds(module: Any, state: Any) -> bool:
    """Say whether the program's check has nothing against a state."""
    try:
        return module.check(state) is not False
    except AssertionError:
        return False


def plain(module: Any) -> list[Callable[[Any], Any]]:
    """Give the threads of a program as functions that a thread can call: one of them runs its coroutines in one loop.

    State that a coroutine makes is made in that loop, and checked there.
    """
    tasks = [thread for thread in module.THREADS if inspect.iscoroutinefunction(thread)]

    async def together(state: Any) -> None:
        made = await state if inspect.iscoroutine(state) else state
        await asyncio.gather(*(task(made) for task in tasks))
        if made is not state:
            assert holds(module, made)

    threads = [thread for thread in module.THREADS if thread not in tasks]
    return [*threads, *([lambda state: asyncio.run(together(state))] if tasks else [])]


def by_mtlearn(module: Any) -> tuple[str, int]:
    """Explore it with mtlearn."""
    from mtlearn.interleave.python import PythonExecutor
    from mtlearn.interleave.search import search

    limits: dict[str, Any] = {"max_schedules": SCHEDULES, "safety_s": LIMIT_S, "clock": time.perf_counter}
    with PythonExecutor(module.setup, module.THREADS, lambda state: None if holds(module, state) else "no") as executor:
        result = search(executor, lambda told: told, **limits)
    return result.outcome, result.schedules


def by_interleave_test(module: Any, strategy: str) -> tuple[str, int]:
    """Explore it with interleave-test."""
    import interleave_test  # type: ignore[import-not-found, unused-ignore]

    def model() -> None:
        state = module.setup()
        spawned = [interleave_test.spawn(lambda t=t: t(state)) for t in plain(module)]
        for thread in spawned:
            thread.join()
        assert module.check(state) is not False

    found = interleave_test.explore(
        model,
        iterations=SCHEDULES,
        strategy=strategy,
        seed=0,
        max_preemptions=2,
        raise_on_failure=False,
        timeout=LIMIT_S,
    )
    return ("not refuted" if found.ok else "refuted"), found.schedules_run


def by_frontrun(module: Any, strategy: str) -> tuple[str, int]:
    """Explore it with frontrun; an exception of the program's own, which it hands on, counts as found."""
    import frontrun  # type: ignore[import-not-found, unused-ignore]

    try:
        found = frontrun.explore(
            module.setup,
            list(module.THREADS),
            lambda state: holds(module, state),
            strategy=strategy,
            deadlock_timeout=1.0,
            **({"total_timeout": LIMIT_S} if strategy == "dpor" else {"max_attempts": 200}),
        )
        if inspect.isawaitable(found):
            found = asyncio.run(found)  # type: ignore[arg-type, unused-ignore]
    except Exception as error:
        own = any(frame.filename == module.__file__ for frame in traceback.extract_tb(error.__traceback__))
        if not own:
            raise
        return "refuted", 0
    return {True: "not refuted", False: "refuted", None: "open"}[found.property_holds], found.num_explored


def by_stress(module: Any) -> tuple[str, int]:
    """Run it for real, time after time."""
    sys.setswitchinterval(1e-6)
    failed: list[object] = []
    threading.excepthook = failed.append
    ends = time.monotonic() + STRESS_S
    runs = 0
    while time.monotonic() < ends:
        runs += 1
        state = module.setup()
        threads = [threading.Thread(target=t, args=(state,), daemon=True) for t in plain(module)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(STRESS_S)
        if failed or any(thread.is_alive() for thread in threads):
            return "refuted", runs
        if not inspect.iscoroutine(state) and not holds(module, state):
            return "refuted", runs
    return "not refuted", runs


def explored(tool: str, path: Path) -> dict[str, Any]:
    """Let a tool explore a program in this process."""
    module = program(path)
    name, _, strategy = tool.partition(" ")
    started = time.perf_counter()
    match name:
        case "mtlearn":
            outcome, schedules = by_mtlearn(module)
        case "interleave-test":
            outcome, schedules = by_interleave_test(module, strategy)
        case "frontrun":
            outcome, schedules = by_frontrun(module, strategy)
        case _:
            outcome, schedules = by_stress(module)
    return {"outcome": outcome, "schedules": schedules, "seconds": time.perf_counter() - started}


def asked(python: Path, tool: str, path: Path) -> dict[str, Any]:
    """Let a tool explore a program in a process of its own; "open" where there is no answer.

    Some know no limit of time. What they have not refuted when the time is over, they have not refuted.
    """
    command = [str(python), str(HERE), "--one", tool, str(path)]
    if tool.startswith("frontrun"):
        command.insert(0, str(python.parent / "frontrun"))  # it insists on being the one that starts Python
    patience = PATIENCE_S if tool.endswith(("dfs", "random")) else HANGS_S
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience, check=False)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        outcome = "not refuted" if patience == PATIENCE_S else "open"
        return {"outcome": outcome, "schedules": 0, "seconds": patience}
    except (IndexError, ValueError):
        return {"outcome": "open", "schedules": 0, "seconds": time.perf_counter() - started}
    return answer


def prepared(folder: Path, base: Path | None = None) -> dict[str, Path]:
    """Give each tool's interpreter, with the tool installed; `base` is the Python that they are installed for."""
    found = {}
    for name in ("interleave-test", "frontrun"):
        python = folder / name / "bin" / "python"
        if not python.exists():
            if base:
                subprocess.run([base, "-m", "venv", folder / name], check=True)
            else:
                venv.create(folder / name, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", name, "numpy"], check=True)
        found[name] = python
    return {tool: found.get(tool.split()[0], Path(sys.executable)) for tool in TOOLS}


def row(tool: str, answers: dict[str, dict[str, Any]]) -> str:
    """Give a tool's line of the table."""
    wrong = [a for name, a in answers.items() if name.startswith("wrong_")]
    right = [a for name, a in answers.items() if name.startswith("right_")]
    found = [a for a in wrong if a["outcome"] == "refuted"]
    unanswered = sum(a["outcome"] not in ("refuted", "not refuted", "proven") for a in (*wrong, *right))
    schedules = statistics.median(a["schedules"] for a in found) if found else 0
    seconds = statistics.median(a["seconds"] for a in found) if found else 0
    return (
        f"| {tool} | {len(found)} of {len(wrong)} | {sum(a['outcome'] == 'refuted' for a in right)} of {len(right)} | "
        f"{unanswered} | {schedules:,.0f} | {seconds:.2f} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--one", nargs=2, metavar=("TOOL", "PROGRAM"), help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="keep the table as benchmarks/beside.md")
    parser.add_argument("--venvs", type=Path, help="where the others are installed, or will be")
    parser.add_argument("--only", default="", help="only programs whose name holds this")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(explored(arguments.one[0], Path(arguments.one[1]))), flush=True)
        os._exit(0)  # threads of a program that hangs may be left
    files = sorted(f for folder in arguments.folders for f in folder.rglob("*.py") if arguments.only in f.name)
    files = [f for f in files if f.name.startswith(("right_", "wrong_"))]
    if not files:
        parser.error("name a folder with programs")
    with tempfile.TemporaryDirectory() as temporary:
        pythons = prepared(arguments.venvs or Path(temporary))
        answers: dict[str, dict[str, dict[str, Any]]] = {tool: {} for tool in TOOLS}
        load = os.getloadavg()[0]
        for file in files:
            told = []
            for tool in TOOLS:
                answers[tool][file.stem] = answer = asked(pythons[tool], tool, file)
                told.append(answer["outcome"])
            print(f"{file.stem:40}" + "".join(f"{each:13}" for each in told), flush=True)
        versions = [
            subprocess.run(
                [pythons[f"{name} random"], "-m", "pip", "show", name], capture_output=True, text=True, check=True
            )
            .stdout.splitlines()[1]
            .replace("Version:", name)
            for name in ("interleave-test", "frontrun")
        ]
    lines = [
        "# The explorer beside others, on right and wrong programs",
        "",
        f"Measured on {datetime.date.today().isoformat()} with `python benchmarks/beside.py`: Python "
        f"{platform.python_version()}, mtlearn {version('mtlearn')}, {', '.join(versions)}; {os.cpu_count()} cores, "
        f"load {load:.0f} at the start and {os.getloadavg()[0]:.0f} at the end. {len(files)} programs. A tool is given "
        f"{SCHEDULES:,} schedules or {LIMIT_S:g} s for each (stress: {STRESS_S:g} s) and its process {PATIENCE_S:g} s, "
        f"or {HANGS_S:g} s where the tool knows a limit of time itself. Schedules and seconds are medians of the wrong "
        "programs that it refutes. Unanswered is what ends in an error of the tool, is inconclusive or unchecked, or "
        "hangs in spite of that limit.",
        "",
        "| tool | wrong: refuted | right: wrongly refuted | unanswered | schedules | seconds |",
        "|---|---:|---:|---:|---:|---:|",
        *(row(tool, answers[tool]) for tool in TOOLS),
    ]
    print("\n".join(lines))
    if arguments.write:
        HERE.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
