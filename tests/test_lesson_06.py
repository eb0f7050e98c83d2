"""Lesson 6: the same picture everywhere, saved on request; rings keep order; whoever is stopped leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest
from conftest import PATIENCE_S, ROOT, Language, Mtlearn
from experiments import run_of

from mtlearn.course.content import load
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.lab.runtime import find_node, this_python

LESSON = ROOT / "lessons" / "lesson_06"
DIVIDED = ("a strip each", "the next rows, please")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and names in shared memory are POSIX")


def test_the_picture_is_the_same(language: Language) -> None:
    """However the rows are divided, not one byte differs, and every row is blurred once."""
    measured = run_of("image", language.runtime).measured
    rows = [measured.row(variant) for variant in DIVIDED]
    assert [(row["differs"], row["rows"]) for row in rows] == [(0, 480), (0, 480)]
    assert measured.row("in place")["differs"] > 0


def test_both_languages_blur_alike() -> None:
    """Python and Node.js make the same picture."""
    runs = [run_of("image", runtime).measured for runtime in (this_python(), find_node())]
    assert len({run.row(variant)["sha256"] for run in runs for variant in DIVIDED}) == 1


def test_a_ring_keeps_order(language: Language) -> None:
    """All that is sent comes once and in order, and the ring is never ahead by more than its 256 slots and one."""
    rows = run_of("ring", language.runtime).measured.rows
    assert all(row["in_order"] == row["count"] for row in rows)
    assert all(row["ahead"] <= 257 for row in rows if row["variant"].startswith("ring"))


def test_pictures_are_saved(mtlearn: Mtlearn, here: Path) -> None:
    """--save writes the picture before and after as PNG, into a folder that is made, and says where."""
    image = pytest.importorskip("PIL.Image")
    ended = mtlearn("demo", "image", "--runtime", "python", "--save", here / "new" / "folder")
    assert ended.code == ExitCode.OK
    version = f"python-{sys.version_info.major}.{sys.version_info.minor}"
    before, one, several = (
        image.open(here / "new" / "folder" / f"{version}-{name}.png") for name in ("original", "serial", "parallel")
    )
    assert before.size == (640, 480)
    assert before.tobytes() != one.tobytes() == several.tobytes()
    assert f"{version}-parallel.png" in ended.stdout.replace("\n", "")


def test_a_missing_package_is_told(mtlearn: Mtlearn, here: Path) -> None:
    """Where the npm package for PNG is not installed, the demo runs and says how to get it."""
    ended = mtlearn("demo", "image", "--runtime", "node", "--save", here, "--json")
    assert ended.code == ExitCode.OK
    assert "the npm package fast-png is not installed: mtlearn setup node" in ended.stdout
    assert list(here.glob("*.png")) == []


def test_a_folder_that_cannot_be_written(mtlearn: Mtlearn, here: Path) -> None:
    """A folder that cannot be made is told before anything runs."""
    (here / "file").write_text("")
    ended = mtlearn("demo", "image", "--save", here / "file")
    assert ended.code == ExitCode.ENVIRONMENT
    assert "cannot be written" in ended.stderr
    assert ended.stdout == ""


def test_a_demo_without_pictures() -> None:
    """A demo that makes no pictures takes no --save."""
    with pytest.raises(MtlearnError, match="takes no --save"):
        load().demo("ring")[1].params(None, None, Path("x"))


@posix
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_script_leaves_nothing(stop: signal.Signals, tmp_path: Path) -> None:
    """A script that is stopped while its process works ends by itself, and takes its block and its process along."""
    environment = {**os.environ, "PYTHONPATH": str(LESSON.parent)}
    script = subprocess.Popen(
        [sys.executable, LESSON / "ring.py"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert script.stdout is not None
    assert script.stdout.readline().startswith("variant=Queue")  # it is in the middle of its work
    script.send_signal(stop)
    script.communicate(timeout=PATIENCE_S)
    assert script.returncode == 128 + stop  # and the test's own end finds no process


@posix
def test_what_nobody_tracks_is_taken_out(tmp_path: Path) -> None:
    """A block of shared memory that a learner's file leaves is removed, even when Python's tracker was kept off."""
    name = f"mtlearn-test-{os.getpid()}"
    file = tmp_path / "exercise.py"
    file.write_text(
        "import os\n"
        "from multiprocessing import resource_tracker\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        f"block = SharedMemory({name!r}, create=True, size=10)\n"
        "resource_tracker.unregister('/' + block.name, 'shared_memory')\n"
        "os._exit(1)\n"
    )
    given = grade(load().exercise("6"), file, "python", Path(sys.executable))
    assert given.status == "fail"
    with pytest.raises(FileNotFoundError):
        SharedMemory(name)
