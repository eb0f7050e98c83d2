"""The command that explores a program of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.names import another_runtime, language_of_file
from mtlearn.cli.shared import JsonOption
from mtlearn.errors import ExitCode

if TYPE_CHECKING:
    from mtlearn.lab.runtime import Runtime

HELP = """Run your own program through its orders of steps, and show one that breaks it.

FILE is a Python file with `setup`, `threads` and `check`:

\b
  from types import SimpleNamespace
  def setup():
      return SimpleNamespace(n=0)
  def add(state):
      state.n += 1
  threads = [add, add]
  def check(state):
      assert state.n == 2, f"n is {state.n}, not 2"

or a JavaScript module that exports them, with memory in place of setup:

\b
  export const memory = { counter: [0] };
  export function add({ counter }) { counter[0]++; }
  export const threads = [add, add];
  export function check({ counter }) {
    if (counter[0] !== 2) throw new Error(`it is ${counter[0]}`);
  }

Exit code 0: no order of steps that was run breaks it; 1: one does, or it
could not be explored.
"""

commands = typer.Typer()


@commands.command(help=HELP)
def explore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your program: a .py or an .mjs file.")],
    schedules: Annotated[int, typer.Option(min=1, help="How many runs it may take.")] = 5_000,
    preemptions: Annotated[
        int | None, typer.Option(min=0, help="Stop where all orders with so many preemptions were run.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long it may take.")] = 60.0,
    replay: Annotated[
        Path | None, typer.Option(metavar="ORDER", help="Run only the order of steps that --json wrote.")
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(
            "--runtime", metavar="python|node|PATH", help="The language, or which Node.js (default: by FILE)."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> ExitCode:
    """Run your own program through its orders of steps."""
    from time import monotonic

    from mtlearn.interleave.files import opened, replayed
    from mtlearn.interleave.result import Result
    from mtlearn.lab.runtime import find
    from mtlearn.render import explored as draw
    from mtlearn.render.screen import make_screen

    screen = make_screen()
    again = replayed(replay) if replay else None
    another = another_runtime(runtime)
    language = language_of_file(another.kind if another else runtime, file)
    executable = another or find(language)
    since = monotonic()

    def tell(count: int, bound: int | None) -> None:
        if screen.animated and not as_json:
            screen.write(f"\r{draw.under_way(count, bound, monotonic() - since)}"[: screen.console.width])

    unknown = executable.unknown or _elsewhere(executable)
    if unknown and file.is_file():
        result = Result("unchecked", 0, 0.0, reason=". ".join(unknown).removesuffix("."))
    else:
        with opened(file, str(executable.executable)) as program:
            if again:
                result = program.replay(again)
            else:
                result = program.search(
                    max_schedules=schedules, max_preemptions=preemptions, safety_s=seconds, progress=tell
                )
    if as_json:
        print(json.dumps({"version": 1, "file": str(file), **result.to_json()}))
    else:
        if screen.animated:
            screen.write("\r" + " " * (screen.console.width - 1) + "\r")
        console = screen.console
        console.print(draw.explored(result, str(file), console.width, ascii_only=console.options.ascii_only))
    return ExitCode.FAILED if result.outcome in ("refuted", "unchecked") else ExitCode.OK


def _elsewhere(runtime: Runtime) -> tuple[str, str] | None:
    """Why a Python file is not explored in another Python than this one, and what to do; None where it is this one."""
    from mtlearn.lab.runtime import this_python

    here = this_python()
    if runtime.kind != "python" or runtime.executable == here.executable:
        return None
    why = f"a Python file is explored in the Python that mtlearn runs in, which is {here.label}"
    return why, f"Leave --runtime out, or run the mtlearn of {runtime.executable}."
