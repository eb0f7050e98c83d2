"""Every runtime that this machine has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from mtlearn.lab.runtime import FROM_NPM, Runtime, RuntimeMissing, find, packaged_node, runtime_at, this_python

# Names on PATH: one for each version that mtlearn runs with, and those without a GIL.
PYTHONS = (*(f"python3.{minor}{build}" for minor in range(11, 20) for build in ("", "t")), "pypy3", "graalpy")


def runtimes_here(packages: Path, now: Callable[[str], None] = lambda what: None) -> list[Runtime]:
    """This Python first, then the other Pythons on PATH, then Node.js, Deno and Bun; each version of each once.

    `packages` is where `mtlearn setup` puts what npm has; `now` is told which one is asked for its version.
    """
    found = {this_python().label: this_python()}
    for ask, name in _candidates(packages):
        now(f"Looking at {name}")
        try:
            runtime = ask()
        except RuntimeMissing:  # a shim of a version that is not installed, or one too old
            continue
        found.setdefault(runtime.label, runtime)
    return list(found.values())


def _candidates(packages: Path) -> Iterator[tuple[Callable[[], Runtime], str]]:
    for name in PYTHONS:
        if path := shutil.which(name):
            yield _at(Path(path)), name
    for node in (shutil.which("node"), packaged_node()):
        if node:
            yield _at(Path(node)), "Node.js"
    for name in FROM_NPM:
        yield _named(name, packages), name


def _at(path: Path) -> Callable[[], Runtime]:
    return lambda: runtime_at(path.absolute())


def _named(name: str, packages: Path) -> Callable[[], Runtime]:
    return lambda: find(name, packages)
