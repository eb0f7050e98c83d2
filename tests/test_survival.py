"""Nothing of the learner's is lost: whatever a command is killed by, whoever runs beside it, whatever the disk does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from survival import EXERCISE, Survival

from mtlearn.learner.progress import ProgressFile

if sys.platform == "win32":
    pytest.skip("signals and limits are POSIX", allow_module_level=True)

import resource

KILLS = 12  # tests/soak/soak_kills.py makes it 200


@pytest.fixture
def survival(tmp_path: Path) -> Survival:
    """A learner's home and workspace."""
    return Survival(tmp_path, seed=5)


def test_kill(survival: Survival) -> None:
    """Commands that are killed at random moments change nothing of the learner's, and leave nothing behind."""
    for _ in range(KILLS):
        survival.kill_one()
    counts = survival.counts
    assert counts["killed"] + counts["ended before"] == counts["progress kept"] == counts["nothing left"] == KILLS
    assert counts["killed"] >= KILLS // 2
    assert counts["files as they were"] > KILLS * 2


def test_two_checks_at_once(survival: Survival) -> None:
    """Two commands at once on one workspace, and one home: both have their say, and no file is lost."""
    checks = [
        ("check", EXERCISE, "--workspace", "work"),
        ("check", EXERCISE, "--workspace", "work", "--runtime", "node"),
    ]
    processes = [survival.start(command) for command in (*checks, ("hint", EXERCISE), ("init", "work"))]
    assert [process.wait() for process in processes] == [1, 1, 0, 0]
    survival.look()
    known = ProgressFile(survival.home, pytest.fail).read().exercise(EXERCISE)
    assert (known.status, known.hints) == ({"python": "fail", "node": "fail"}, 1)
    assert {path.name for path in survival.home.iterdir()} >= {"progress.json"}


def test_a_full_disk(survival: Survival) -> None:
    """Where nothing can be written any more, that is told, and what was there stays."""
    assert survival.told(("hint", EXERCISE)) == ""
    survival.look()
    before = {path: path.read_bytes() for path in survival.home.iterdir()}
    os.mkdir(survival.folder / "full")
    told = survival.told(("hint", EXERCISE), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert "Your progress cannot be kept: " in told
    assert "File too large" in told
    told = survival.told(("init", "full"), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert "The workspace full cannot be written." in told
    assert [path for path in (survival.folder / "full").rglob("*") if path.is_file()] == []
    assert {path: path.read_bytes() for path in survival.home.iterdir()} == before
    survival.look()


@pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="a folder in which nobody may make another")
def test_a_folder_that_cannot_be_written(survival: Survival) -> None:
    """A home and a workspace that cannot be written are told, and the command goes on, or ends, as it must."""
    told = survival.told(("hint", EXERCISE), env={"MTLEARN_HOME": "/proc/sys/mtlearn"})
    assert "Your progress cannot be kept: /proc/sys/mtlearn" in told
    told = survival.told(("check", EXERCISE, "--workspace", "/proc/sys/mtlearn"))
    assert "The workspace /proc/sys/mtlearn cannot be written." in told
    survival.look()
