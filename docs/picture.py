"""The animated picture of the README, from two real runs: `python docs/picture.py` writes docs/first-minute.svg.

It runs `mtlearn demo race`, then `mtlearn check exercise-5` on a counter whose `add` takes no lock, and draws what they
write, line by line as it came; only pauses are shortened. Needs mtlearn with its extra `node`, installed as a command.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
MTLEARN = shutil.which("mtlearn", path=str(Path(sys.executable).parent)) or "mtlearn"
COLUMNS, ROWS = 80, 24
CELL, LINE, MARGIN = 8.4, 18, 14  # pixels
PAUSE_S, READ_S = 0.5, 7.0  # the longest pause between two lines, and how long a scene stands when it is complete
COLOURS = {1: "#f28b82", 2: "#81c995", 3: "#fdd663", 5: "#e0a3f5", 6: "#78d9ec"}  # by their numbers in a terminal
ADDS = ("        with self._lock:\n            self._value += n\n", "        self._value += n\n")
TEXT, DIM, GROUND = "#e8eaed", "#9aa0a6", "#202124"


@dataclass(frozen=True)
class Scene:
    """A command and the lines it wrote, each with the second at which it is shown, from the scene's beginning."""

    lines: tuple[tuple[float, Text], ...]

    @property
    def seconds(self) -> float:
        """How long it is shown."""
        return self.lines[-1][0] + READ_S


def record(shown: str, command: list[str], folder: Path, first: str = "") -> Scene:
    """Run a command and keep its first lines, from the one on that has `first` in it."""
    env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    env = {name: value for name, value in env.items() if name not in ("NO_COLOR", "CI")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder, env=env, text=True, encoding="utf-8")
    assert process.stdout is not None
    at, last, waits = 0.8, time.monotonic(), bool(first)
    lines = [(0.0, Text.assemble(("$ ", "green"), (shown, "bold")))]
    for line in process.stdout:
        text = Text.from_ansi(line.rstrip("\n"))
        text.rstrip()
        waits = waits and first not in text.plain
        if waits or len(lines) >= ROWS or not (text.plain or lines[-1][1].plain):
            continue
        at += min(time.monotonic() - last, PAUSE_S)
        last = time.monotonic()
        lines.append((at, text))
    process.wait()
    return Scene(tuple(lines))


def drawn(scenes: list[Scene]) -> str:
    """The scenes as one SVG that plays them again and again; where motion is not wanted, the last one stands."""
    whole = sum(scene.seconds for scene in scenes)
    width, height = COLUMNS * CELL + 2 * MARGIN, ROWS * LINE + 2 * MARGIN
    rules, groups, begin = [], [], 0.0
    for number, scene in enumerate(scenes):
        end = (begin + scene.seconds) / whole * 100
        for row, (second, text) in enumerate(scene.lines):
            name, start = f"s{number}l{row}", (begin + second) / whole * 100
            rules.append(
                f"@keyframes {name}{{0%,{start:.2f}%{{opacity:0}}{start + 0.01:.2f}%,{end - 0.02:.2f}%{{opacity:1}}"
                f"{end - 0.01:.2f}%,100%{{opacity:0}}}}"
            )
            still = ";opacity:0" if number < len(scenes) - 1 else ""
            rules.append(f"#{name}{{animation:{name} {whole:.1f}s infinite{still}}}")
            groups.append(f'<g id="{name}">{_line(text, MARGIN + (row + 0.8) * LINE)}</g>')
        begin += scene.seconds
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}">'
        "<title>mtlearn: a race in two runtimes, then an exercise refused, with the order of steps that breaks it"
        f"</title><style>text{{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}}"
        f"{''.join(rules)}@media (prefers-reduced-motion:reduce){{g{{animation:none!important}}}}</style>"
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>{"".join(groups)}</svg>\n'
    )


def _line(text: Text, y: float) -> str:
    """The pieces of a line, each where its column is, however wide the reader's font."""
    pieces = []
    column = 0
    for segment in text.render(Console(width=COLUMNS)):
        for part in re.findall(r" {2,}|(?:[^ ]| (?! ))+", segment.text):
            if part.strip():
                x, length = MARGIN + column * CELL, len(part) * CELL
                pieces.append(
                    f'<text x="{x:.1f}" y="{y:.1f}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
                    f"{_style(segment.style or Style())}>{escape(part)}</text>"
                )
            column += len(part)
    return "".join(pieces)


def _style(style: Style) -> str:
    colour = COLOURS.get(style.color.number or 0) if style.color else None
    fill = colour or (DIM if style.dim else TEXT)
    return f' fill="{fill}"' + (' font-weight="bold"' if style.bold else "")


def main() -> None:
    """Record both, and write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        right = (ROOT / "solutions" / "exercise_05" / "solution.py").read_text(encoding="utf-8")
        wrong = right.replace(*ADDS, 1)
        assert wrong != right, "the reference solution has changed: adapt ADDS"
        (folder / "counter.py").write_text(wrong, encoding="utf-8")
        os.environ["MTLEARN_HOME"] = str(folder / "home")
        race = record("mtlearn demo race", [MTLEARN, "demo", "race"], folder)
        command = [MTLEARN, "check", "exercise-5", "--file", "counter.py"]
        refused = record(" ".join(["mtlearn", *command[1:]]), command, folder, first="and no update is lost")
    file = ROOT / "docs" / "first-minute.svg"
    file.write_text(drawn([race, refused]), encoding="utf-8")
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
