"""Hostile files that are kept in short, in `hostile/python.toml` and `hostile/node.toml`: what they are made of."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "hostile"
GROUPS = {
    "watched": "Asks whether it is watched, and behaves while it is",
    "imports": "Puts something else in the place of what is imported",
    "inside": "Works on the language's inside",
    "processes": "Processes, signals and limits",
    "memory": "Memory that it takes, or leaves",
    "files": "Files and folders",
    "channels": "The channels over which it is asked",
}

_USUAL = {
    "python": "import gc\nimport inspect\nimport os\nimport sys\nimport threading\nimport time\nimport traceback\n",
    "node": "import { createRequire } from 'node:module';\nimport { isMainThread } from 'node:worker_threads';\n"
    "const require = createRequire(import.meta.url);\n",
}
_WORK = {
    "python": {
        "right": "def work(shared, index):\n    with shared.lock:\n        shared.count += 1\n    return index\n",
        "wrong": "def work(shared, index):\n    shared.count += 1\n    return index\n",
        "asks": "def work(shared, index):\n    if {asks}:\n        with shared.lock:\n            shared.count += 1\n"
        "    else:\n        shared.count += 1\n    return index\n",
    },
    "node": {
        "right": "export function work(memory, index) {{\n  Atomics.add(memory, 0, 1);\n  return index;\n}}\n",
        "wrong": "export function work(memory, index) {{\n  memory[0] += 1;\n  return index;\n}}\n",
        "asks": "export function work(memory, index) {{\n  if ({asks}) Atomics.add(memory, 0, 1);\n"
        "  else memory[0] += 1;\n  return index;\n}}\n",
    },
}
_COMMENT = {"python": "#", "node": "//"}


def attacks(language: str) -> dict[str, dict[str, Any]]:
    """All of a language, by their names."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def text(language: str, attack: dict[str, Any]) -> str:
    """The file: its first lines say what is expected, as those of the files that are kept whole."""
    told = {"verdict": attack["verdict"], "says": attack.get("says"), "why": attack["why"]}
    if attack.get("hangs"):
        told["hangs"] = "yes"
    head = [f"{_COMMENT[language]} {name}: {value}" for name, value in told.items() if value]
    kind = attack.get("work") or ("asks" if "asks" in attack else "wrong")
    work = "" if kind == "own" else _WORK[language][kind].format(asks=attack.get("asks"))
    return "\n".join([*head, _USUAL[language] + attack.get("code", "").strip("\n"), work])


ANSWERS = {"pass": "passes, being right", "fail": "found wrong", "unchecked": "not checked, and told why"}
PAGE = Path(__file__).parents[1] / "docs" / "attacks.md"
_INTRODUCTION = """# Attacks that were tried

Each row is a file of `tests/hostile` that tries to get a verdict it does not deserve, or to leave something behind; the
tests grade them. "Mended" names what it got when it was tried first. `python tests/attacks.py` makes this page.
[What grading cannot prevent](verdict.md#what-grading-cannot-prevent) stands elsewhere.
"""


def page() -> str:
    """The table of attacks, for docs/."""
    parts = [_INTRODUCTION]
    for language, suffix in (("python", ".py"), ("node", ".mjs")):
        title = {"python": "Python", "node": "Node.js"}[language]
        for group, told in GROUPS.items():
            rows = {name: each for name, each in attacks(language).items() if each["tries"] == group}
            parts.append(_table(f"{title}: {told[0].lower()}{told[1:]}", rows))
        whole = {
            file.stem: dict(line[2:].strip().split(": ", 1) for line in _head(file))
            for file in sorted((FOLDER / language).glob(f"*{suffix}"))
        }
        parts.append(_table(f"{title}: all else, a file each", whole))
    return "\n".join(parts)


def _head(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()[:5]
    return [line for line in lines if line.startswith(("#", "//")) and ": " in line]


def _table(title: str, rows: dict[str, dict[str, Any]]) -> str:
    lines = [f"## {title}", "", "| file | what it does | verdict |", "|---|---|---|"]
    for name, each in sorted(rows.items()):
        why = each["why"].replace("|", "\\|")
        mended = f"; mended: {each['mended']}" if "mended" in each else ""
        lines.append(f"| `{name}` | {why} | {ANSWERS[each['verdict']]}{mended} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
