"""Lesson 2: what its experiments show exactly."""

from __future__ import annotations

from conftest import Language
from experiments import run_of

from mtlearn.lab.runtime import Runtime


def test_who_waits_for_whom(language: Language) -> None:
    """On the loop the short job waits for the long one, and the loop stops beating; beside it, it does not."""
    rows = {row["variant"]: row for row in run_of("hash", language.runtime).measured.rows}
    loop = rows["on the event loop"]
    assert (loop["first"], loop["beats"] <= 2) == ("long", True)
    assert len(set(loop["threads"])) == 1
    assert rows["a process each"]["beats"] > 2
    assert len(set(rows["a process each"]["threads"])) == 2


def test_a_missing_package_is_told(node: Runtime) -> None:
    """Without the npm packages the experiment still runs; their rows name the command that installs them."""
    rows = {row["variant"]: row for row in run_of("hash", node).measured.rows}
    for variant, package in (("2 workers: workerpool", "workerpool"), ("2 processes: worker-farm", "worker-farm")):
        assert rows[variant]["skipped"] == f"the npm package {package} is not installed: mtlearn setup node"
