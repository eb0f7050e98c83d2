"""mtlearn.learner: nothing of the learner's is overwritten or lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mtlearn.course.exercise import Exercise
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.learner import files
from mtlearn.learner.files import write_new, write_whole
from mtlearn.learner.progress import PAUSE_S, VERSION, ExerciseProgress, LessonProgress, Progress, ProgressFile
from mtlearn.learner.progress import home as find_home
from mtlearn.learner.workspace import MARKER, Workspace, find

# -- files ----------------------------------------------------------------------


def test_write_new(here: Path) -> None:
    """A new file is written; one that is there is left as it is."""
    assert write_new(here / "a", b"mine")
    assert not write_new(here / "a", b"theirs")
    assert (here / "a").read_bytes() == b"mine"
    assert os.listdir(here) == ["a"]


def test_write_new_leaves_a_dangling_link(here: Path) -> None:
    """A link that leads nowhere is something of the learner's too."""
    (here / "a").symlink_to("nowhere")
    assert not write_new(here / "a", b"theirs")
    assert os.readlink(here / "a") == "nowhere"


def test_write_new_when_it_appears_meanwhile(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that appears between the look and the writing is not overwritten."""
    beside = files._beside

    def slow(path: Path, data: bytes) -> Path:
        temporary = beside(path, data)
        path.write_bytes(b"mine")
        return temporary

    monkeypatch.setattr(files, "_beside", slow)
    assert not write_new(here / "a", b"theirs")
    assert (here / "a").read_bytes() == b"mine"
    assert os.listdir(here) == ["a"]


@pytest.mark.parametrize("there", [False, True])
def test_write_new_without_hard_links(here: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """On a file system without hard links it is the same."""

    def refuse(source: Path, target: Path) -> None:
        if there:
            target.write_bytes(b"mine")
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert write_new(here / "a", b"new") is not there
    assert (here / "a").read_bytes() == (b"mine" if there else b"new")
    assert os.listdir(here) == ["a"]


def test_write_whole(here: Path) -> None:
    """A file is replaced as a whole."""
    for data in (b"one", b"two"):
        write_whole(here / "a", data)
        assert (here / "a").read_bytes() == data
    assert os.listdir(here) == ["a"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_write_leaves_the_old_file(here: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """When writing fails, by a full disk or Ctrl-C, the old file is whole and nothing else is left."""
    write_whole(here / "a", b"old")
    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(*args: object, error: BaseException = error) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(os, step, fail)
            with pytest.raises(type(error)):
                write_whole(here / "a", b"new")
        assert (here / "a").read_bytes() == b"old"
        assert os.listdir(here) == ["a"]


# -- workspace ------------------------------------------------------------------


def test_which_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace is the one given, else the nearest upwards, else MTLEARN_WORKSPACE, else a new one here."""
    deep = tmp_path / "work" / "exercise-5" / "deeper"
    deep.mkdir(parents=True)
    assert find(None, deep).root == deep / "mtlearn-exercises"
    monkeypatch.setenv("MTLEARN_WORKSPACE", str(tmp_path / "named"))
    assert find(None, deep).root == tmp_path / "named"
    (tmp_path / "work" / MARKER).touch()
    assert find(None, deep).root == tmp_path / "work"
    (deep.parent / MARKER).touch()
    assert find(None, deep).root == deep.parent
    assert find(tmp_path / "given", deep).root == tmp_path / "given"


def test_a_workspace_is_made(tiny: Exercise, here: Path) -> None:
    """A workspace gets the starters and the statement of an exercise, and is found again from inside."""
    workspace = find(None, here)
    assert not workspace.exists
    created = workspace.begin(tiny)
    folder = here / "mtlearn-exercises" / "exercise-9"
    assert sorted(created) == [folder / "README.md", folder / "exercise.mjs", folder / "exercise.py"]
    assert workspace.exists
    assert workspace.file(tiny, "python").read_bytes() == tiny.starter("python").read_bytes()
    assert find(None, folder) == workspace


def test_edited_files_are_kept(tiny: Exercise, here: Path) -> None:
    """What the learner edited stays as it is; only what is missing is put there again."""
    workspace = Workspace(here)
    workspace.begin(tiny)
    mine = workspace.file(tiny, "python")
    mine.write_text("mine")
    workspace.file(tiny, "node").unlink()
    assert workspace.begin(tiny) == (workspace.file(tiny, "node"),)
    assert mine.read_text() == "mine"


def test_reset(tiny: Exercise, here: Path) -> None:
    """Reset puts the starter back; what was there is kept beside it, every time under another name."""
    workspace = Workspace(here)
    workspace.begin(tiny)
    assert workspace.changed(tiny) == ()
    mine = workspace.file(tiny, "python")
    for text in ("one", "two"):
        mine.write_text(text)
        assert workspace.changed(tiny) == ("python",)
        assert workspace.reset(tiny, "python", "20261121").read_text() == text
    assert mine.read_bytes() == tiny.starter("python").read_bytes()
    kept = sorted(path.name for path in mine.parent.glob("exercise-*"))
    assert kept == ["exercise-20261121-2.py", "exercise-20261121.py"]


def test_a_reset_that_fails_loses_nothing(tiny: Exercise, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the starter cannot be put back, the learner's file is as it was, and that is reported."""
    workspace = Workspace(here)
    workspace.begin(tiny)
    mine = workspace.file(tiny, "python")
    mine.write_text("mine")

    def fail(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(MtlearnError, match="cannot be written"):
        workspace.reset(tiny, "python", "20261121")
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("obstacle", ["mtlearn-exercises", "mtlearn-exercises/exercise-9"])
def test_a_workspace_that_cannot_be_written(tiny: Exercise, here: Path, obstacle: str) -> None:
    """Where the workspace cannot be written, the place, the reason and the way out are reported."""
    (here / obstacle).parent.mkdir(exist_ok=True)
    (here / obstacle).write_text("a file")
    workspace = find(None, here)
    with pytest.raises(MtlearnError) as told:
        workspace.begin(tiny)
    assert told.value.message == f"The workspace {workspace.root} cannot be written."
    assert told.value.cause.startswith(str(here / obstacle))
    assert "mtlearn init DIR" in told.value.fix
    assert told.value.exit_code == ExitCode.ENVIRONMENT


# -- progress -------------------------------------------------------------------


@pytest.fixture
def notices() -> list[str]:
    """What the learner was told."""
    return []


@pytest.fixture
def progress(home: Path, notices: list[str]) -> ProgressFile:
    """The progress file in the home of this test."""
    return ProgressFile(home / "deeper", notices.append)


def set_hints(number: int) -> Callable[[Progress], None]:
    """A change to the progress."""

    def change(known: Progress) -> None:
        known.exercise("exercise-5").hints = number

    return change


def test_progress_is_remembered(progress: ProgressFile, notices: list[str]) -> None:
    """What is remembered is there the next time, all of it."""
    lesson = LessonProgress("quiz", True, {"quiz": 2, "Wie läuft's?": 0}, {"a": True}, seconds=12.5, seen=1e9)
    exercise = ExerciseProgress(2, {"python": "pass", "node": "error"}, {"python": 3}, seconds=4.0, seen=1e9)

    def change(known: Progress) -> None:
        known.lessons[5] = lesson
        known.exercises["exercise-5"] = exercise
        known.ran("race")

    progress.change(change)
    assert progress.read() == Progress({5: lesson}, {"exercise-5": exercise}, {"race": 1})
    assert notices == []


def test_a_file_of_version_1_is_read(progress: ProgressFile, notices: list[str]) -> None:
    """A file from before there were times, attempts and demos is read, and written on in the new form."""
    progress.path.parent.mkdir(parents=True)
    progress.path.write_text(
        '{"version": 1, "lessons": {"5": {"step": "quiz", "finished": true, "answers": {"a": 1}}},'
        ' "exercises": {"exercise-5": {"hints": 2, "status": {"python": "pass"}}}}'
    )
    assert progress.read() == Progress(
        {5: LessonProgress("quiz", True, {"a": 1})}, {"exercise-5": ExerciseProgress(2, {"python": "pass"})}
    )
    progress.change(set_hints(3))
    assert progress.read().exercise("exercise-5") == ExerciseProgress(3, {"python": "pass"})
    assert notices == []


def test_time_leaves_pauses_out() -> None:
    """What passes between two acts counts as time spent, unless it is so long that the learner was away."""
    part = ExerciseProgress()
    for now in (1000, 1060, 1060 + PAUSE_S, 1060 + 2 * PAUSE_S + 1, 500, 510):  # the clock was set back, too
        part.touch(now)
    assert (part.seconds, part.seen) == (60 + PAUSE_S + 10, 510)


def test_a_pass_is_kept() -> None:
    """The status is the last one until there is a pass; every check counts, language by language."""
    part = ExerciseProgress()
    for status in ("error", "fail", "pass", "fail"):
        part.note("python", status)
    part.note("node", "fail")
    assert part == ExerciseProgress(0, {"python": "pass", "node": "fail"}, {"python": 4, "node": 1})


def test_nothing_is_remembered_at_first(progress: ProgressFile, notices: list[str]) -> None:
    """At first nothing is remembered, and reading writes nothing."""
    assert progress.read() == Progress()
    assert not progress.path.parent.exists()
    assert notices == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"5", b'"text"', b"{}", b'{"version": 1}', b"\xff\xfe", b"[" * 100_000,
        b'{"version": "1", "lessons": {}, "exercises": {}}',
        b'{"version": null, "lessons": {}, "exercises": {}}',
        b'{"version": 1, "lessons": [], "exercises": {}}',
        b'{"version": 1, "lessons": {"x": {"step": null, "finished": true, "answers": {}}}, "exercises": {}}',
        b'{"version": 1, "lessons": {"5": {"step": 1, "finished": true, "answers": {}}}, "exercises": {}}',
        b'{"version": 1, "lessons": {"5": {"step": null, "finished": 1, "answers": {}}}, "exercises": {}}',
        b'{"version": 1, "lessons": {"5": {"step": null, "finished": true, "answers": {"a": "b"}}}, "exercises": {}}',
        b'{"version": 1, "lessons": {}, "exercises": {"exercise-5": {"hints": "2", "status": {}}}}',
        b'{"version": 1, "lessons": {}, "exercises": {"exercise-5": {"hints": 2, "status": []}}}',
        b'{"version": 2, "lessons": {}, "exercises": {"exercise-5": {"hints": 2, "attempts": {"python": "1"}}}}',
        b'{"version": 2, "lessons": {}, "exercises": {"exercise-5": {"hints": 2, "seconds": NaN}}}',
        b'{"version": 2, "lessons": {}, "exercises": {"exercise-5": {"hints": 2, "seen": "now"}}}',
        b'{"version": 2, "lessons": {"5": {"predicted": {"a": 1}}}, "exercises": {}}',
        b'{"version": 2, "lessons": {}, "exercises": {}, "demos": ["race"]}',
        b'{"version": 2, "lessons": {}, "exercises": {}, "demos": {"race": "1"}}',
        b'{"version": 1, "lessons": {}, "exercises": {"exercise-5": {"hints": 2, "status": {}, "more": 1}}}',
    ],
    ids=lambda content: repr(content[:60]),
)  # fmt: skip
def test_a_damaged_file_is_kept_aside(progress: ProgressFile, notices: list[str], content: bytes) -> None:
    """A damaged file is kept under another name, that is reported once, and a new one is begun."""
    progress.path.parent.mkdir(parents=True)
    progress.path.write_bytes(content)
    progress.change(set_hints(1))
    [notice] = notices
    [aside] = progress.path.parent.glob("progress.damaged-*.json")
    assert notice.startswith("Your progress file was damaged (")
    assert str(aside) in notice
    assert aside.read_bytes() == content
    assert progress.read().exercise("exercise-5").hints == 1


def test_a_newer_file_is_left_alone(progress: ProgressFile, notices: list[str]) -> None:
    """A file of a newer mtlearn is neither read nor changed, and that is reported."""
    progress.path.parent.mkdir(parents=True)
    newer = json.dumps({"version": VERSION + 1, "all": "different"})
    progress.path.write_text(newer)
    assert progress.read() == Progress()
    progress.change(set_hints(1))
    assert progress.path.read_text() == newer
    assert len(notices) == 2
    assert "newer mtlearn" in notices[0]


def test_a_place_that_cannot_be_written(home: Path, notices: list[str]) -> None:
    """Where progress cannot be kept, that is told, and the command goes on."""
    (home / "file").touch()
    progress = ProgressFile(home / "file", notices.append)
    progress.change(set_hints(1))
    assert notices[-1].startswith("Your progress cannot be ")
    assert "Not a directory" in notices[-1] or "File exists" in notices[-1]
    assert progress.read() == Progress()


def test_a_change_that_fails_changes_nothing(progress: ProgressFile) -> None:
    """When changing the progress fails, what was there stays."""
    progress.change(set_hints(1))
    before = progress.path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        progress.change(lambda known: set_hints(1 // 0)(known))
    assert progress.path.read_bytes() == before
    progress.change(set_hints(2))
    assert progress.read().exercise("exercise-5").hints == 2


COUNT = """
import sys
from pathlib import Path
from mtlearn.learner.progress import ProgressFile

def one_more(known):
    known.exercise("exercise-5").hints += 1

file = ProgressFile(Path(sys.argv[1]), print)
sys.stdin.readline()
for _ in range(50):
    file.change(one_more)
"""


@pytest.mark.skipif(os.name != "posix", reason="the lock of the progress file is POSIX")
def test_two_commands_at_once(home: Path) -> None:
    """Two commands that change the progress at the same time lose nothing of each other."""
    commands = [
        subprocess.Popen([sys.executable, "-c", COUNT, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for command in commands:
        assert command.stdin is not None
        command.stdin.write("go\n")
        command.stdin.flush()
    assert [command.communicate()[0] for command in commands] == ["", ""]
    assert ProgressFile(home, print).read().exercise("exercise-5").hints == 100


def test_where_progress_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is kept where MTLEARN_HOME says, else in the user's data directory."""
    assert find_home() == home
    monkeypatch.delenv("MTLEARN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    assert find_home().name == "mtlearn"
    if sys.platform == "linux":
        assert find_home() == home / "data" / "mtlearn"
