"""Do the checks see what is wrong? Right solutions, each with one generic change, are graded; which of them pass?

    python benchmarks/mutation.py [--runtime node] [--all] [--log FILE] [exercise-7 ...]

Every reference solution (with `--all`, every right one) is changed in one place at a time: a lock, an
`await`, a time-out, a `finally`, an error branch or a statement dropped, two statements swapped, `<` for `<=`, `while`
for `if`, and the like. Python's are made from its syntax tree (mutation_python.py), those for Node.js by acorn
(mutation_node.mjs). A change that no check refuses either changes nothing that the statement asks for, and
mutation.toml says why, or the checks have a hole. By hand: it takes a second or two for each change. `--log` keeps what
was graded, so that a run that was stopped goes on where it was; the table goes to mutation.md with `--write`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import os
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mtlearn.course.content import load  # noqa: E402
from mtlearn.course.exercise import SUFFIX, Exercise  # noqa: E402
from mtlearn.course.solutions import Solution, right_solutions  # noqa: E402
from mtlearn.grading.judge import grade  # noqa: E402
from mtlearn.grading.verdict import CheckResult  # noqa: E402
from mtlearn.lab.runtime import find  # noqa: E402
from mtlearn.system.temporary import TemporaryFolder  # noqa: E402

SIDE_BY_SIDE = 2


@dataclass(frozen=True)
class Change:
    """One generic change of a right solution: which kind it is, and the whole program with it."""

    exercise: str
    runtime: str
    right: Solution
    what: str
    text: str

    @property
    def lines(self) -> tuple[str, str]:
        """The lines that differ, without their indentation: as they were, and as they are now; enough to tell which."""
        before, after = (text.splitlines() for text in (self.right.source(), self.text))
        same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
        start = sum(1 for _ in same)
        rest = zip(reversed(before[start:]), reversed(after[start:]), strict=False)
        end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
        if len({*before[start : len(before) - end]}) == 1 and before.count(before[start]) > 1:
            start -= 1  # such a line stands there more than once: the one before it tells which
        was, now = (" / ".join(map(str.strip, lines[start : len(lines) - end])) for lines in (before, after))
        return was, now


@dataclass(frozen=True)
class Equivalent:
    """A change that no check can refuse, and why: the statement leaves it open."""

    exercise: str
    file: str
    was: str
    now: str
    why: str


def changes(exercise: Exercise, runtime: str, every: bool) -> Iterator[Change]:
    """All changes of an exercise's right solutions in one language."""
    node = str(find("node").executable)
    for name, right in right_solutions(exercise, runtime).items():
        if name != "solution" and not every:
            continue
        source = right.source()
        if runtime == "python":
            from mutation_python import mutants

            found = mutants(source)
        else:
            command = [node, "--expose-internals", str(HERE / "mutation_node.mjs")]
            told = subprocess.run(command, input=source, capture_output=True, text=True, check=True, encoding="utf-8")
            found = [(each["what"], each["text"]) for each in json.loads(told.stdout)]
        for what, text in found:
            yield Change(exercise.name, runtime, right, what, text)


class _Refused(Exception):
    """Ends a grading: a check has failed."""


def refused_by(change: Change) -> str | None:
    """The first check that fails; "unchecked …" where one could not be decided and none fails; None where all pass."""
    unchecked: list[str] = []

    def see(result: CheckResult) -> None:
        if result.status == "fail":
            raise _Refused(result.name)
        if result.status != "pass":
            unchecked.append(result.name)

    exercise, runtime = load().exercise(change.exercise), find(change.runtime)
    with TemporaryFolder() as folder:
        file = folder / change.right.file_name
        file.write_text(change.text, encoding="utf-8", newline="")
        try:
            grade(exercise, file, change.runtime, runtime.executable, see)
        except _Refused as refused:
            return str(refused)
    return f"unchecked {unchecked[0]}" if unchecked else None


def equivalents() -> dict[tuple[str, str, str, str], Equivalent]:
    """The changes that mutation.toml explains, by exercise, file and lines."""
    told = tomllib.loads((HERE / "mutation.toml").read_text(encoding="utf-8")).get("equivalent", [])
    found = [Equivalent(**each) for each in told]
    return {(each.exercise, each.file, each.was, each.now): each for each in found}


class Log:
    """What was graded, one JSON object a line, in a file that a later run reads again."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.known: dict[tuple[str, str, str], str | None] = {}
        if file and file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self.known[entry["exercise"], entry["file"], entry["text"]] = entry["refused"]

    def key(self, change: Change) -> tuple[str, str, str]:
        """What tells one change from all others."""
        return change.exercise, change.right.file_name, change.text

    def note(self, change: Change, refused: str | None) -> None:
        """Keep what came of a change."""
        self.known[self.key(change)] = refused
        if self.file:
            exercise, file, text = self.key(change)
            entry = {"exercise": exercise, "file": file, "text": text, "refused": refused}
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(entry) + "\n")


def grade_all(todo: list[Change], log: Log) -> None:
    """Grade what was not graded yet, side by side."""
    new = [change for change in todo if log.key(change) not in log.known]
    with ProcessPoolExecutor(SIDE_BY_SIDE, multiprocessing.get_context("spawn")) as pool:
        asked = {pool.submit(refused_by, change): change for change in new}
        for number, future in enumerate(as_completed(asked), 1):
            log.note(asked[future], future.result())
            if number % 20 == 0:
                print(f"{number} of {len(new)}", file=sys.stderr, flush=True)


def report(todo: list[Change], log: Log) -> list[str]:
    """A table, and below it every change that passes and is not explained."""
    explained = equivalents()
    counts: dict[tuple[str, str], Counter[str]] = {}
    survivors = []
    for change in todo:
        refused = log.known[log.key(change)]
        kind = "refused"
        if refused is None or refused.startswith("unchecked"):
            known = (change.exercise, change.right.file_name, *change.lines) in explained
            kind = "equivalent" if known else "passes" if refused is None else "unchecked"
            if not known:
                was, now = change.lines
                where = f"{change.exercise}, {change.right.file_name}"
                survivors.append(f"- {where}, {change.what}: `{was}` → `{now}` ({kind})")
        counts.setdefault((change.exercise, change.runtime), Counter())[kind] += 1
    lines = [
        "| exercise | language | changes | refused | equivalent | passes | unchecked |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for (exercise, runtime), count in counts.items():
        cells = [count.total(), *(count[kind] for kind in ("refused", "equivalent", "passes", "unchecked"))]
        lines.append(f"| {exercise} | {runtime} | {' | '.join(map(str, cells))} |")
    return [*lines, "", *survivors]


def main() -> None:
    """Change, grade, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", metavar="exercise-N")
    parser.add_argument("--runtime", choices=SUFFIX, action="append")
    parser.add_argument("--all", action="store_true", help="the other right solutions, too")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = str(HERE.parent)
    exercises = [load().exercise(name) for name in asked.exercises] or load().exercises()
    todo = [
        change
        for exercise in exercises
        for runtime in asked.runtime or SUFFIX
        for change in changes(exercise, runtime, asked.all)
    ]
    log = Log(asked.log)
    grade_all(todo, log)
    lines = report(todo, log)
    print(*lines, sep="\n")
    if asked.write:
        head = f"# What the checks let pass\n\nMade by mutation.py on {datetime.date.today()}.\n\n"
        (HERE / "mutation.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
