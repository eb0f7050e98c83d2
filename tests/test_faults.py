"""Progress outlives what disks and clocks do: full at any write, cut off at any byte, read-only, set back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtlearn.learner.progress import Progress, ProgressFile

PAGE = 4096  # bytes: the least that a tmpfs gives to a file
SIDE_BY_SIDE, EACH = 8, 20


def hinted(known: Progress) -> None:
    """Take one more hint."""
    known.exercise("exercise-5").hints += 1


def long(known: Progress) -> None:
    """Remember more than fits into a page."""
    known.demos.update({f"demo-{number:03}": 1 for number in range(400)})


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small disk of its own, with these options; only root may."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"disk-{len(made)}"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"a disk can be mounted by root alone: {done.stderr.strip()}")
        made.append(folder)
        return folder

    if sys.platform != "linux" or os.geteuid():
        pytest.skip("a disk can be mounted by root alone")
    yield mount
    for folder in made:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_full_at_every_write(disk: Callable[[str], Path]) -> None:
    """However little room is left, what was remembered stays whole, and what cannot be kept is told."""
    notices: list[str] = []
    kept_at = []
    for free in range(8):
        home = disk("size=64k")
        file = ProgressFile(home, notices.append)
        file.change(hinted)
        before = file.path.read_bytes()
        with open(home / "ballast", "wb", buffering=0) as ballast:
            room = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize - free * PAGE
            ballast.write(b"x" * room)
        notices.clear()
        file.change(long)
        if notices:
            assert "Your progress cannot be kept: " in notices[0]
            assert "No space left on device" in notices[0]
            assert file.path.read_bytes() == before
        else:
            kept_at.append(free)
            assert len(file.read().demos) == 400
        assert {path.name for path in home.iterdir()} <= {"ballast", "progress.json", "progress.lock"}
    assert 0 not in kept_at
    assert 7 in kept_at


def test_a_disk_that_cannot_be_written(disk: Callable[[str], Path]) -> None:
    """On a read-only disk what was remembered is read, and that no more can be kept is told."""
    home = disk("size=64k")
    notices: list[str] = []
    file = ProgressFile(home, notices.append)
    file.change(hinted)
    subprocess.run(["mount", "-o", "remount,ro", home], check=True)
    file.change(hinted)
    assert file.read().exercise("exercise-5").hints == 1
    assert len(notices) == 1
    assert "Read-only file system" in notices[0]


def test_power_that_fails_in_the_middle_of_a_write(tmp_path: Path) -> None:
    """Whatever part of the file has come to the disk, it is kept aside, and a new one is begun."""
    whole = ProgressFile(tmp_path, pytest.fail)
    whole.change(hinted)
    data = whole.path.read_bytes()
    for length in range(len(data) - 1):
        home = tmp_path / str(length)
        home.mkdir()
        (home / "progress.json").write_bytes(data[:length])
        notices: list[str] = []
        file = ProgressFile(home, notices.append)
        file.change(hinted)
        assert file.read().exercise("exercise-5").hints == 1
        assert len(notices) == 1
        (aside,) = home.glob("progress.damaged-*")
        assert aside.read_bytes() == data[:length]


def test_a_clock_that_stands_still_or_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged files that were kept aside at the same time, by the clock, are all kept."""
    monkeypatch.setattr(time, "strftime", lambda *_: "20200101-000000")
    for number in range(3):
        (tmp_path / "progress.json").write_text(f"damaged {number}")
        ProgressFile(tmp_path, lambda _: None).read()
    assert sorted(path.read_text() for path in tmp_path.glob("progress.damaged-*")) == [
        f"damaged {number}" for number in range(3)
    ]


def test_eight_at_once(tmp_path: Path) -> None:
    """Eight commands at once on one home: every change of each is kept."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom mtlearn.learner.progress import ProgressFile\n"
        "def more(known): known.exercise('exercise-5').hints += 1\n"
        f"for _ in range({EACH}): ProgressFile(Path(sys.argv[1]), print).change(more)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, tmp_path]) for _ in range(SIDE_BY_SIDE)]
    assert [process.wait() for process in processes] == [0] * SIDE_BY_SIDE
    assert ProgressFile(tmp_path, pytest.fail).read().exercise("exercise-5").hints == SIDE_BY_SIDE * EACH
