"""What this machine has for mtlearn, and the command that gets what is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from mtlearn.classroom import sandbox
from mtlearn.lab import npm
from mtlearn.lab.cores import cores_allowed, cores_free
from mtlearn.lab.runtime import FROM_NPM, Runtime, RuntimeMissing, find_node, packaged_node, runtime_at, this_python
from mtlearn.lab.runtime import find as find_runtime
from mtlearn.learner.workspace import find
from mtlearn.system.limits import Limits, imposes, in_words

OPTIONAL = {"atomics": "the demo `atomics`"}


@dataclass(frozen=True)
class Fact:
    """One thing about this machine: good, bad or neither (None), and whether mtlearn needs it."""

    good: bool | None
    what: str
    how: str
    needed: bool = False


def examine(workspace: Path | None, home: Path, packages: Path) -> list[Fact]:
    """Look at everything; takes about half a second, most of it the measuring of free cores.

    `home` is where progress is kept, `packages` where the npm packages are.
    """
    facts = [_python(this_python()), *_nodes(), *_others(packages), _cores()]
    for package, needed_by in OPTIONAL.items():
        here = importlib.util.find_spec(package) is not None
        how = "installed" if here else f"missing, {needed_by} uses it: pip install 'mtlearn[lab]'"
        facts.append(Fact(True if here else None, package, how))
    facts += [_npm_packages(packages), _class(), _sandbox()]
    place = find(workspace, Path.cwd())
    facts.append(_limits())
    state = "" if place.exists else " (not made yet: the first `mtlearn check` makes it)"
    facts.append(_folder("workspace", place.root, state))
    facts.append(_folder("progress", home, ""))
    return facts


def _python(runtime: Runtime) -> Fact:
    gil = "without a GIL" if runtime.gil is False else "with a GIL: one thread at a time runs Python code"
    return Fact(True, "Python", f"{runtime.version}, {gil} ({runtime.executable})", needed=True)


def _nodes() -> list[Fact]:
    """The Node.js that is used, and the others that were found."""
    try:
        used = find_node()
    except RuntimeMissing as missing:
        return [Fact(False, "Node.js", f"{missing.one_line} (the Python half works without)")]
    told = f"{used.version} ({used.executable})" + "".join(f"; {each}" for each in (used.note, used.warning) if each)
    facts = [Fact(None if used.warning else True, "Node.js", told)]
    on_path = shutil.which("node")
    for other in (Path(on_path) if on_path else None, packaged_node()):
        if other and other != used.executable:
            try:
                found = runtime_at(other, "node")
            except RuntimeMissing:
                continue
            facts.append(Fact(None, "Node.js too", f"{found.version}: --runtime {other}"))
    return facts


def _others(packages: Path) -> list[Fact]:
    """Deno and Bun, which a demo can be run in as well."""
    facts = []
    for name in FROM_NPM:
        try:
            found = find_runtime(name, packages)
            told = f"{found.version} ({found.executable}), for demos: --runtime {name}"
        except RuntimeMissing as missing:
            told = f"{missing.one_line} (not needed: demos can be run in it as well)"
        facts.append(Fact(None, name.title(), told))
    return facts


def _cores() -> Fact:
    free, allowed = cores_free(), cores_allowed()
    note = "" if free > 1.5 else ": where two threads should run at once, claims may stay undecided"
    return Fact(free > 1.5 or None, "cores", f"{free:.1f} of {allowed} free now (measured){note}")


def _npm_packages(folder: Path) -> Fact:
    lacking = npm.missing(folder)
    told = ", ".join(f"{name} {version}" for name, version in npm.PACKAGES.items() if name not in lacking)
    if lacking:
        told += f"{'; ' if told else ''}missing, some demos use them: {', '.join(lacking)}: {npm.COMMAND}"
    return Fact(None if lacking else True, "npm packages", told)


def _class() -> Fact:
    here = importlib.util.find_spec("distributed") is not None
    how = "installed" if here else "missing, `mtlearn class` uses it: pip install 'mtlearn[class]'"
    return Fact(True if here else None, "Dask", how)


def _sandbox() -> Fact:
    why = sandbox.missing()
    how = f"missing, `mtlearn class grade --sandbox` uses it: {why}. {sandbox.ADVICE}" if why else "works here"
    return Fact(None if why else True, "bubblewrap", how)


def _limits() -> Fact:
    """What a file may take while it is graded, and by what it is kept to that."""
    most = Limits()
    watched = f"{in_words(most.memory)} of memory, {most.processes} processes, {most.threads:,} threads (watched)"
    by_system = f"files of {in_words(most.file)}, {most.cpu_s} s of processor time (set by the system)"
    if not imposes():
        by_system = "the size of files and the processor time are not limited on this system"
    elif os.geteuid() == 0:
        by_system += "; you are root: the system sets no limit to processes"
    return Fact(imposes() or None, "limits", f"a file that is checked may use {watched}; {by_system}")


def _folder(what: str, folder: Path, state: str) -> Fact:
    nearest = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    writable = os.access(nearest, os.W_OK) and nearest.is_dir()
    problem = "" if writable else f"; {nearest} cannot be written: choose another folder"
    variable = {"workspace": "MTLEARN_WORKSPACE", "progress": "MTLEARN_HOME"}[what]
    return Fact(writable, what, f"{folder}{state}{problem}" + ("" if writable else f" with {variable}"), needed=True)
