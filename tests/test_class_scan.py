"""`mtlearn class scan`: whose file it is and what it solves, however a platform or a person has named it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import Mtlearn

from mtlearn.classroom.archive import Room, unpack
from mtlearn.classroom.scan import scan
from mtlearn.classroom.submission import Roll
from mtlearn.course.content import load
from mtlearn.errors import MtlearnError

EXERCISES = load().exercises()
POSIX = os.name == "posix"
# a superuser may read everything, unless that is given up
GIVEN_UP = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if POSIX and os.geteuid() == 0 else []
WITHOUT_RIGHTS = POSIX and (not GIVEN_UP or shutil.which("setpriv") is not None)
CODE = "x = 1\n"


def laid_out(folder: Path, files: Sequence[str]) -> Path:
    """A folder with these files in it."""
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CODE)
    return folder


def scanned(folder: Path, tmp_path: Path) -> Roll:
    """What is found in a folder."""
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return scan(folder, EXERCISES, work)


def without_rights(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command of `mtlearn class`, by somebody who may read and write what the modes of files allow, and no more."""
    words = [*GIVEN_UP, sys.executable, "-m", "mtlearn", "class", command, str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"})


def placed(roll: Roll) -> list[tuple[str, str, str]]:
    """Who has handed in what."""
    return [(each.student, each.exercise, each.runtime) for each in roll.submissions]


ADA_AND_BOB = [("ada", "exercise-5", "python"), ("bob", "exercise-5", "python")]


@pytest.mark.parametrize(
    "files",
    [
        ["ada/exercise_05.py", "bob/exercise_05.py"],
        ["ada/exercise-5/solution.py", "bob/exercise-5/solution.py"],
        ["ada/exercise-5/exercise.py", "bob/mtlearn-exercises/exercise-5/exercise.py"],
        ["exercise-5_ada.py", "exercise-5_bob.py"],
        ["ada_ex5.py", "bob-exercise5.py"],
        ["exercise-5/ada.py", "exercise-5/bob.py"],
        ["exercise-5/ada/main.py", "exercise-5/bob/main.py"],
        ["class-3b/ada/exercise_05.py", "class-3b/bob/exercise_05.py"],
        ["ada_1234_assignsubmission_file_/exercise_05.py", "bob_99_assignsubmission_file_/exercise_05.py"],
        ["ada_1234_assignsubmission_file_exercise_05.py", "bob_99_assignsubmission_file_exercise_05.py"],
        ["ada_1234_5678_exercise_05.py", "bob_LATE_12_345_exercise_05-1.py"],
        ["threads-ada/exercise_05.py", "threads-bob/exercise_05.py"],
        ["threads-submissions/threads-ada/exercise_05.py", "threads-submissions/threads-bob/exercise_05.py"],
        ["exercise-5-ada/solution.py", "exercise-5-bob/solution.py"],
        ["ada/exercise_05 (1).py", "bob/Exercise 5.py"],
    ],
    ids=lambda files: files[0],
)
def test_layouts(tmp_path: Path, files: list[str]) -> None:
    """Folders, flat names, workspaces, and what Moodle, Canvas and GitHub Classroom give out are all understood."""
    roll = scanned(laid_out(tmp_path / "all", files), tmp_path)
    assert placed(roll) == ADA_AND_BOB
    assert not roll.unplaced


@pytest.mark.parametrize("file", ["capstone.py", "Capstone/exercise.py", "exercise-5/ada_capstone.py"])
def test_an_exercise_with_a_name(tmp_path: Path, file: str) -> None:
    """A file of the capstone, which has a name and no number, is placed by that name."""
    roll = scanned(laid_out(tmp_path / "all", [f"ada/{file}", "bob/exercise_05.py"]), tmp_path)
    assert placed(roll) == [("ada", "capstone", "python"), ("bob", "exercise-5", "python")]


def test_one_student(tmp_path: Path) -> None:
    """The folder of a class may have one student in it."""
    files = ["ada/exercise_05.py", "ada/exercise-6/solution.mjs"]
    roll = scanned(laid_out(tmp_path / "all", files), tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python"), ("ada", "exercise-6", "node")]


def test_a_moodle_name(tmp_path: Path) -> None:
    """A name with blanks, as Moodle writes it, is kept as it is."""
    files = ["Ada Lovelace_12_assignsubmission_file_/exercise_05.py", "Bo Ek_7_assignsubmission_file_/exercise_05.js"]
    roll = scanned(laid_out(tmp_path / "all", files), tmp_path)
    assert placed(roll) == [("Ada Lovelace", "exercise-5", "python"), ("Bo Ek", "exercise-5", "node")]


def test_what_cannot_be_placed(tmp_path: Path) -> None:
    """A file of no exercise, of one that there is not, or of nobody is told, and may be somebody's work."""
    files = ["ada/exercise_05.py", "ada/helper.py", "bob/exercise_77.py", "exercise_06.py"]
    roll = scanned(laid_out(tmp_path / "all", files), tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python")]
    assert {each.shown: each.why for each in roll.lost} == {
        "ada/helper.py": "neither its name nor its folders tell the exercise",
        "bob/exercise_77.py": "there is no exercise-77",
        "exercise_06.py": "neither its name nor its folders tell whose it is",
    }


def test_two_files_for_one_exercise(tmp_path: Path) -> None:
    """Of two files for one exercise the newest is graded, and the other one is reported."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py", "ada/exercise-5-again.py", "bob/exercise_05.py"])
    os.utime(folder / "ada/exercise-5-again.py", (1, 1))
    roll = scanned(folder, tmp_path)
    assert [each.shown for each in roll.submissions] == ["ada/exercise_05.py", "bob/exercise_05.py"]
    assert roll.submissions[0].note == "the newest of 2"
    assert [(each.shown, each.why, each.lost) for each in roll.unplaced] == [
        ("ada/exercise-5-again.py", "ada/exercise_05.py is newer", False)
    ]


def test_two_files_of_one_date(tmp_path: Path) -> None:
    """Of two files of the same date, as a clone has them, the one whose name comes last is graded, and that is told."""
    folder = laid_out(tmp_path / "all", ["ada/exercise-5.py", "ada/exercise_05.py"])
    for file in folder.rglob("*.py"):
        os.utime(file, (1, 1))
    roll = scanned(folder, tmp_path)
    told = [(each.shown, each.note) for each in roll.submissions]
    assert told == [("ada/exercise_05.py", "the newest of 2: of two as new, the one whose name comes last")]
    assert [each.why for each in roll.unplaced] == ["ada/exercise_05.py is as new, and its name comes last"]


def test_an_unchanged_starter(tmp_path: Path) -> None:
    """A starter that nobody has touched, as a workspace has many, is left out."""
    folder = laid_out(tmp_path / "all", ["ada/exercise-5/exercise.py", "bob/exercise-5/exercise.py"])
    (folder / "ada/exercise-5/exercise.mjs").write_bytes(EXERCISES[4].starter("node").read_bytes())
    roll = scanned(folder, tmp_path)
    assert placed(roll) == ADA_AND_BOB
    assert [(each.why, each.lost) for each in roll.unplaced] == [("it is the starter, unchanged", False)]


def test_too_large_and_links(tmp_path: Path) -> None:
    """A file of 100 MB and a link are not read, but told."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py", "bob/exercise_05.py", "cy/exercise_05.py"])
    with (folder / "bob/exercise_05.py").open("wb") as stream:
        stream.truncate(100 << 20)
    (folder / "cy/exercise_05.py").unlink()
    (folder / "cy/exercise_05.py").symlink_to("/etc/passwd")
    roll = scanned(folder, tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python")]
    assert [each.why for each in roll.lost] == ["it is a link", "it is larger than 1 MB"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe(tmp_path: Path) -> None:
    """A pipe with the name of a program is told, and not waited for."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py"])
    (folder / "bob").mkdir()
    os.mkfifo(folder / "bob/exercise_05.py")
    roll = scanned(folder, tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python")]
    assert [(each.shown, each.why) for each in roll.lost] == [("bob/exercise_05.py", "it is no file")]


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is placed, and shown with a mark for what cannot be shown."""
    folder = laid_out(tmp_path / "all", ["bob/exercise_05.py"])
    raw = os.fsencode(folder) + b"/ad\xff"
    os.mkdir(raw)
    (Path(os.fsdecode(raw)) / "exercise_05.py").write_text(CODE)
    roll = scanned(folder, tmp_path)
    assert [each.student for each in roll.submissions] == ["ad\ufffd", "bob"]


def test_nothing_to_grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, one that is not there and one without rights are refused, each with its cause."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(MtlearnError, match="nothing to grade") as told:
        scanned(tmp_path / "empty", tmp_path)
    assert told.value.cause == "There is no file in it that ends in .py, .mjs or .js."
    with pytest.raises(MtlearnError) as told:
        scanned(tmp_path / "nowhere", tmp_path)
    assert told.value.cause == "It cannot be read: No such file or directory."

    def refuses(path: Path) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "listdir", refuses)
        with pytest.raises(MtlearnError) as told:
            scanned(tmp_path / "empty", tmp_path)
    assert told.value.cause == "It cannot be read: Permission denied."


# -- a roster ---------------------------------------------------------------------


def test_a_roster(tmp_path: Path) -> None:
    """A roster tells whose each file is; what it does not name, and what is not there, is reported."""
    folder = laid_out(tmp_path / "all", ["1.py", "b/2.mjs", "exercise_07.py", "3.py"])
    lines = ["Student; File; Exercise", "Ada;1.py;5", "Bob;b/2.mjs;exercise-6", "Cy;exercise_07.py;", "Di;4.py;5"]
    (folder / "roster.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    roll = scanned(folder, tmp_path)
    expected = [("Ada", "exercise-5", "python"), ("Bob", "exercise-6", "node"), ("Cy", "exercise-7", "python")]
    assert placed(roll) == expected
    assert {each.shown: each.why for each in roll.unplaced} == {
        "4.py": "roster.csv names it for Di, and it is not there",
        "3.py": "roster.csv does not name it",
    }


@pytest.mark.parametrize(("content", "why"), [(b"name\nada\n", "no column"), (b"\xff\xfe", "not UTF-8")])
def test_a_roster_that_is_none(tmp_path: Path, content: bytes, why: str) -> None:
    """A roster without its columns, or that is no text, is refused with what it should look like."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py"])
    (folder / "roster.csv").write_bytes(content)
    with pytest.raises(MtlearnError) as told:
        scanned(folder, tmp_path)
    assert why in told.value.cause
    assert "student,file" in told.value.fix


# -- archives ---------------------------------------------------------------------


def zipped(file: Path, entries: dict[str, bytes]) -> Path:
    """A zip with these entries."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def test_an_archive_and_archives_in_it(tmp_path: Path) -> None:
    """A zip is read as the folder it was made of, and so are the zips in it."""
    inner = zipped(tmp_path / "inner.zip", {"exercise-6/solution.mjs": b"1", "notes.pdf": b"2"}).read_bytes()
    entries = {"ada/exercise_05.py": b"1", "bob/mine.zip": inner, "__MACOSX/ada/exercise_05.py": b"0"}
    roll = scanned(zipped(tmp_path / "class.zip", entries), tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python"), ("bob", "exercise-6", "node")]
    assert roll.submissions[1].shown == "bob/mine/exercise-6/solution.mjs"
    assert not roll.unplaced


def test_an_archive_writes_nowhere_else(tmp_path: Path) -> None:
    """No entry of an archive is written outside the folder, and a link in it is none."""
    (tmp_path / "into").mkdir()
    names = ["../exercise_05.py", "/exercise_05.py", "a/../../exercise_05.py", "C:\\exercise_05.py"]
    file = zipped(tmp_path / "bad.zip", dict.fromkeys(names, b"1"))
    link = zipfile.ZipInfo("ada/exercise_05.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    done = unpack(file, "bad.zip", tmp_path / "into", Room())
    assert not done.files
    assert [each.why for each in done.unplaced] == ["its path leads out of the archive"] * 4 + ["it is a link"]
    assert not list(tmp_path.rglob("*.py"))


def test_an_archive_is_bounded(tmp_path: Path) -> None:
    """What an archive unpacks is bounded in number and in size, whatever it says of itself."""
    (tmp_path / "into").mkdir()
    file = zipped(tmp_path / "big.zip", {"a.py": b"0" * 2_000_000, "b.py": b"0" * 900, "c.py": b"0" * 900})
    done = unpack(file, "big.zip", tmp_path / "into", Room(bytes=1_000))
    assert [str(name) for name, _ in done.files] == ["b.py"]
    assert [each.why.split(" (")[0] for each in done.unplaced] == [
        "it is larger than 1 MB",
        "the archives hold more than is unpacked",
    ]
    lying = bytearray(zipped(tmp_path / "lying.zip", {"a.py": b"0" * 5_000}).read_bytes())
    for place in (lying.find(b"PK\x03\x04") + 22, lying.find(b"PK\x01\x02") + 24):
        lying[place : place + 4] = (10).to_bytes(4, "little")
    (tmp_path / "lying.zip").write_bytes(lying)
    done = unpack(tmp_path / "lying.zip", "lying.zip", tmp_path / "into", Room())
    assert not done.files or done.files[0][1].stat().st_size <= 10


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    """A zip that is damaged does not keep the others from being graded."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py"])
    (folder / "bob.zip").write_bytes(content)
    roll = scanned(folder, tmp_path)
    assert placed(roll) == [("ada", "exercise-5", "python")]
    assert [each.shown for each in roll.lost] == ["bob.zip"]


# -- the command ------------------------------------------------------------------


def test_the_command(mtlearn: Mtlearn, tmp_path: Path) -> None:
    """`class scan` shows a table and what could not be placed; it ends with 1 where that may be somebody's work."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py", "bob/helper.py"])
    ended = mtlearn("class", "scan", folder)
    assert ended.code == 1
    assert "ada/exercise_05.py" in ended.stdout
    assert "bob/helper.py: neither its name" in ended.stdout
    assert ended.stdout.endswith("1 file of 1 student for 1 exercise can be graded.\n")
    told = json.loads(mtlearn("class", "scan", folder, "--json").stdout)
    assert told["submissions"] == [
        {"student": "ada", "exercise": "exercise-5", "runtime": "python", "file": "ada/exercise_05.py"}
    ]


def test_the_command_without_a_class(mtlearn: Mtlearn, here: Path) -> None:
    """An empty folder is refused with cause and fix, and exit code 2."""
    ended = mtlearn("class", "scan", here)
    assert ended.code == 2
    assert "fix:" in ended.stderr


@pytest.mark.skipif(not WITHOUT_RIGHTS, reason="rights are not asked for, or cannot be given up")
def test_without_rights(tmp_path: Path) -> None:
    """A file that may not be read is told; a folder that may not be read, or written, is refused with cause and fix."""
    folder = laid_out(tmp_path / "all", ["ada/exercise_05.py", "bob/exercise_05.py", "cy/exercise_05.py"])
    (folder / "ada/exercise_05.py").chmod(0)
    (folder / "bob").chmod(0)
    scanned = without_rights("scan", folder)
    assert scanned.returncode == 1
    assert "bob: it cannot be read: Permission denied" in scanned.stdout
    assert "ada/exercise_05.py: it cannot be read: Permission denied" in scanned.stdout
    assert "1 file of 1 student" in scanned.stdout
    for mode, told in ((0o555, f"Nothing can be kept in {folder}."), (0, f"{folder} cannot be graded.")):
        folder.chmod(mode)
        refused = without_rights("grade", folder)
        assert refused.returncode == 3
        assert told in refused.stderr
        assert "Permission denied." in refused.stderr
        assert "fix:" in refused.stderr
    folder.chmod(0o755)
    (folder / "bob").chmod(0o755)
