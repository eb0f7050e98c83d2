"""What each runtime can do: all demos are run and all solutions graded in each, and the table is written in Markdown.

    python benchmarks/runtimes.py python node python3.13 pypy3 deno bun > docs/runtimes.md
    python benchmarks/runtimes.py --keep runs.json deno       # adds to what an earlier run has kept

A runtime is `python`, `node`, a name on PATH or a path, as `mtlearn demo --runtime` takes it.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from mtlearn.course.content import load
from mtlearn.course.exercise import Exercise
from mtlearn.course.lesson import Demo, Lesson
from mtlearn.experiment import experiment, find_runtimes
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import Unchecked
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime
from mtlearn.learner.progress import home

Cell = dict[str, Any]


def cell(lesson: Lesson, demo: Demo, runtime: Runtime) -> Cell:
    """One demo in one runtime: what it could not do, and how many of its claims hold, do not, or stay open."""
    run = experiment(lesson, demo, runtime, demo.params(None, None), cores_free(), packages=home() / "npm")
    claims = Counter({True: "hold", False: "fail", None: "open"}[finding.holds] for finding in run.findings)
    skipped = {row["skipped"]: row["variant"] for row in run.recording.rows if "skipped" in row}
    told = [f"{variant}: {why}" for why, variant in skipped.items()]
    measured = sum("skipped" not in row for row in run.recording.rows)
    failed = [finding.text for finding in run.findings if finding.holds is False]
    return {"reason": run.recording.reason, "skipped": told, "measured": measured, "claims": claims, "failed": failed}


def graded(exercise: Exercise, runtime: Runtime) -> Cell:
    """What the verdict on its solution is in this runtime, and what the first check says that does not pass."""
    unknown = Unchecked(*runtime.unknown) if runtime.unknown else None
    verdict = grade(exercise, exercise.solution(runtime.kind), runtime.kind, runtime.executable, unknown=unknown)
    told = next((check.message for check in verdict.checks if check.status != "pass"), "")
    return {"verdict": {"error": "unchecked"}.get(verdict.status, verdict.status), "told": told}


def picture(demo: Demo, runtime: Runtime, made: Cell | None) -> str:
    """The cell as it stands in the table."""
    if runtime.kind not in demo.runtimes:
        return ""
    if made is None:
        return "not run"
    if made["reason"]:
        return "part" if made["measured"] else "no"
    return "part" if made["skipped"] else "all"


def table(runtimes: list[Runtime], kept: dict[str, dict[str, Cell]]) -> str:
    """The page."""
    course = load()
    demos = [demo for lesson in course.lessons() for demo in lesson.demos]
    labels = [runtime.label for runtime in runtimes]
    page = [
        "# What each runtime can do",
        "",
        f"Written by `python benchmarks/runtimes.py` on {time.strftime('%Y-%m-%d')}, {platform.system()} "
        f"{platform.machine()}. Every demo was run, and the solution of every exercise graded, in every runtime. "
        "**all**: every row was measured; **part**: some rows say what is missing; **no**: none was measured; empty: "
        "the demo is about the other language. Claims about speed may fail on a machine as busy as this one was.",
        "",
        f"| demo | {' | '.join(labels)} |",
        f"|---|{'---|' * len(labels)}",
    ]
    for demo in demos:
        cells = [picture(demo, runtime, kept.get(runtime.label, {}).get(demo.name)) for runtime in runtimes]
        page.append(f"| `{demo.name}` | {' | '.join(cells)} |")
    totals = []
    for runtime in runtimes:
        made = kept.get(runtime.label, {})
        count = Counter(picture(demo, runtime, made.get(demo.name)) for demo in demos)
        totals.append(f"{count['all']} / {count['part']} / {count['no']}")
    page.append(f"| **all / part / no** | {' | '.join(totals)} |")
    held = []
    for runtime in runtimes:
        sums: Counter[str] = Counter()
        for made_here in kept.get(runtime.label, {}).values():
            sums.update(made_here.get("claims", {}))
        held.append(f"{sums['hold']} / {sums['fail']} / {sums['open']}")
    page.append(f"| **claims: hold / do not / undecided** | {' | '.join(held)} |")
    verdicts = []
    for runtime in runtimes:
        made = kept.get(runtime.label, {})
        count = Counter(made[exercise.name]["verdict"] for exercise in course.exercises() if exercise.name in made)
        verdicts.append(f"{count['pass']} / {count['fail']} / {count['unchecked']}")
    page.append(f"| **solutions: passed / failed / unchecked** | {' | '.join(verdicts)} |")
    page += ["", "## What was missing", ""]
    for runtime in runtimes:
        made = kept.get(runtime.label, {})
        lines = missing(demos, runtime, made)
        told = [
            (exercise.name, made[exercise.name]["told"]) for exercise in course.exercises() if exercise.name in made
        ]
        for why in dict.fromkeys(why for _, why in told if why):
            lines.append(f"- {', '.join(f'`{name}`' for name, each in told if each == why)}: {why}")
        page += [f"### {runtime.label}", "", *(lines or ["Nothing."]), ""]
    return "\n".join(page).rstrip()


def missing(demos: list[Demo], runtime: Runtime, made: dict[str, Cell]) -> list[str]:
    """What a runtime could not do, and which claims do not hold there."""
    lines = []
    for demo in demos:
        cell = made.get(demo.name)
        if cell is None or runtime.kind not in demo.runtimes:
            continue
        for told in filter(None, (*cell["skipped"], cell["reason"])):
            lines.append(f"- `{demo.name}`: {told}")
        lines += [f"- `{demo.name}`, a claim that does not hold: {text}" for text in cell["failed"]]
    return lines


def keep(file: Path | None, kept: dict[str, dict[str, Cell]]) -> None:
    """Write what was run so far into this file, if there is one."""
    if file:
        file.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def main() -> None:
    """Run what is not kept yet, and print the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runtimes", nargs="+")
    parser.add_argument("--keep", type=Path, help="where the runs are kept, and taken from")
    parser.add_argument("--only", action="append", metavar="DEMO", help="run this demo again (repeatable)")
    parser.add_argument("--no-run", action="store_true", help="only print the table of what is kept")
    asked = parser.parse_args()
    kept: dict[str, dict[str, Cell]] = {}
    if asked.keep and asked.keep.exists():
        kept = json.loads(asked.keep.read_text(encoding="utf-8"))
    runtimes = [each for each in find_runtimes(asked.runtimes, home() / "npm") if isinstance(each, Runtime)]
    for runtime in () if asked.no_run else runtimes:
        made = kept.setdefault(runtime.label, {})
        for lesson in load().lessons():
            for demo in lesson.demos:
                again = demo.name in (asked.only or ())
                if runtime.kind not in demo.runtimes or (demo.name in made and not again):
                    continue
                made[demo.name] = cell(lesson, demo, runtime)
                print(f"{runtime.label}, {demo.name}: {picture(demo, runtime, made[demo.name])}", file=sys.stderr)
                keep(asked.keep, kept)
        for exercise in load().exercises():
            if exercise.name not in made:
                made[exercise.name] = graded(exercise, runtime)
                print(f"{runtime.label}, {exercise.name}: {made[exercise.name]['verdict']}", file=sys.stderr)
                keep(asked.keep, kept)
    print(table(runtimes, kept))


if __name__ == "__main__":
    main()
