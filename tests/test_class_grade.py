"""`mtlearn class grade`: every file graded once, what is known kept, and nothing lost whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil
import pytest
from conftest import PATIENCE_S, Mtlearn

from mtlearn.classroom import engine as engine_module
from mtlearn.classroom.engine import Engine
from mtlearn.classroom.grading import NAME, Progress, grade, known
from mtlearn.classroom.hold import held
from mtlearn.classroom.ledger import Ledger
from mtlearn.classroom.results import ClassDocument
from mtlearn.classroom.scan import scan
from mtlearn.classroom.task import Graded, Task, begin, task
from mtlearn.classroom.task import grade as grade_one
from mtlearn.course.content import load
from mtlearn.errors import MtlearnError
from mtlearn.grading.verdict import CheckResult, VerdictDocument
from mtlearn.system.documents import written

pytest.importorskip("distributed")
COURSE = load()
LONG_S = 6 * PATIENCE_S  # Dask alone takes seconds to import, and a machine may be busy
UNLOADABLE = "def add(:\n"  # graded in a second


def verdict(asked: Task, status: str = "pass") -> Graded:
    """A verdict on a task, without a grading."""
    check = CheckResult("loads", "It loads", status, "" if status == "pass" else "It does not.")  # type: ignore[arg-type]
    document = VerdictDocument(
        exercise=f"exercise-{asked.exercise}",
        runtime=asked.runtime,
        file="exercise.py",
        status=status,  # type: ignore[arg-type]
        checks=(check,),
        seconds=1.0,
    )
    return Graded(verdict=written(document))


def a_class(folder: Path, **contents: str) -> Path:
    """A folder for each student, with what they wrote for exercise 5."""
    for student, content in contents.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "exercise_05.py").write_text(content)
    return folder


def graded(
    folder: Path, tmp_path: Path, engine: Engine | None = None, look: Callable[[Progress], None] = lambda _: None
) -> ClassDocument:
    """The class in a folder, graded."""
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    roll = scan(folder, COURSE.exercises(), work)
    return grade(roll, COURSE, folder / NAME, engine or Engine(slots=2), look=look)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is graded, by content: as if every file passed, and at once."""
    contents: list[bytes] = []

    def at_once(asked: Task) -> Graded:
        contents.append(asked.content)
        return verdict(asked)

    monkeypatch.setattr(engine_module, "grade", at_once)
    return contents


# -- what is graded, and what is known --------------------------------------------


def test_only_what_is_new(tmp_path: Path, asked: list[bytes]) -> None:
    """Graded again, only what is new or changed is graded; two equal files are graded once."""
    folder = a_class(tmp_path / "all", ada="a = 1", bob="b = 1", cy="a = 1")
    first = graded(folder, tmp_path)
    assert [each.status for each in first.results] == ["pass"] * 3
    assert sorted(asked) == [b"a = 1", b"b = 1"]
    asked.clear()
    (folder / "bob/exercise_05.py").write_text("b = 2")
    second = graded(folder, tmp_path)
    assert asked == [b"b = 2"]
    assert [each.file for each in second.results] == [each.file for each in first.results]
    asked.clear()
    graded(folder, tmp_path)
    assert not asked


def test_a_file_that_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict is about the file as it was read; that it was changed since is told, and it is graded next time."""
    folder = a_class(tmp_path / "all", ada="a = 1")

    def changes(asked: Task) -> Graded:
        (folder / "ada/exercise_05.py").write_text("a = 2")
        return verdict(asked)

    monkeypatch.setattr(engine_module, "grade", changes)
    assert graded(folder, tmp_path).results[0].note == "changed since it was read: grade again"
    seen: list[bytes] = []

    def notes(asked: Task) -> Graded:
        seen.append(asked.content)
        return verdict(asked)

    monkeypatch.setattr(engine_module, "grade", notes)
    assert graded(folder, tmp_path).results[0].note == ""
    assert seen == [b"a = 2"]


def test_what_cannot_be_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that could not be graded is reported with its reason, costs no other its verdict, and is tried again."""

    def fails(asked: Task) -> Graded:
        if asked.content == b"b = 1":
            raise RuntimeError("no more\nlines")
        return Graded(problem="too hot") if asked.content == b"c = 1" else verdict(asked)

    monkeypatch.setattr(engine_module, "grade", fails)
    folder = a_class(tmp_path / "all", ada="a = 1", bob="b = 1", cy="c = 1")
    document = graded(folder, tmp_path)
    assert [(each.status, each.problem) for each in document.results] == [
        ("pass", ""),
        ("not graded", "its worker could not grade it (no more)"),
        ("not graded", "too hot"),
    ]
    assert document.ungraded == 2
    with Ledger(folder / NAME) as ledger:
        exercise = COURSE.exercise("5")
        keys = {content: task(exercise, "python", content).key for content in (b"a = 1", b"b = 1", b"c = 1")}
        assert set(ledger.verdicts(keys.values())) == {keys[b"a = 1"]}


def test_how_far_it_is(tmp_path: Path, asked: list[bytes]) -> None:
    """While it grades, it says how many are known, done, and left."""
    folder = a_class(tmp_path / "all", ada="a = 1", bob="b = 1")
    graded(folder, tmp_path)
    (folder / "ada/exercise_05.py").write_text("a = 2")
    told: list[tuple[int, int, int]] = []
    graded(folder, tmp_path, look=lambda progress: told.append((progress.all, progress.known, progress.done)))
    assert (told[0], told[-1]) == ((2, 1, 0), (2, 1, 1))


def test_nobody_else_is_served(tmp_path: Path, asked: list[bytes]) -> None:
    """While a class is graded on this machine, nothing listens where another one could reach it."""
    listening: set[str] = set()

    def look(progress: Progress) -> None:
        listening.update(each.laddr.ip for each in psutil.Process().net_connections() if each.status == "LISTEN")

    graded(a_class(tmp_path / "all", ada="a = 1"), tmp_path, look=look)
    assert asked
    assert listening <= {"127.0.0.1"}


@pytest.mark.parametrize("sandboxed", [False, True])
def test_what_is_known(tmp_path: Path, asked: list[bytes], sandboxed: bool) -> None:
    """What was graded, in a sandbox or not, is known afterwards without another grading; what is new is not."""
    folder = a_class(tmp_path / "all", ada="a = 1")
    (tmp_path / "work").mkdir()
    roll = scan(folder, COURSE.exercises(), tmp_path / "work")
    assert [each.status for each in known(roll, COURSE, folder / NAME).results] == ["not graded"]
    assert not (folder / NAME).exists()
    grade(roll, COURSE, folder / NAME, Engine(slots=1), sandbox=sandboxed)
    assert [each.status for each in known(roll, COURSE, folder / NAME).results] == ["pass"]
    assert len(asked) == 1


@pytest.mark.parametrize("runtime", ["python", "node"])
@pytest.mark.parametrize("content", [bytes(range(256)), b"x = 1\0\n", b"x = '\xe9'\n", b""], ids=repr)
def test_what_is_no_program(runtime: str, content: bytes) -> None:
    """A binary, text in another encoding, and an empty file get a verdict like any other: they do not load."""
    begin()  # an engine before has ended all that this process graded
    graded = grade_one(task(COURSE.exercise("5"), runtime, content))
    first = msgspec.json.decode(graded.verdict, type=VerdictDocument).checks[0]
    assert (first.name, first.status) == ("loads", "fail")
    assert first.message.startswith("exercise.")


# -- the ledger -------------------------------------------------------------------


def test_a_full_disk(tmp_path: Path) -> None:
    """A disk that is full is told, and what was kept before is still there."""
    with Ledger(tmp_path / "ledger") as ledger:
        ledger.keep("first", "{}")
        ledger._database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(MtlearnError, match="cannot be kept") as told:
            ledger.keep("second", "x" * 100_000)
        assert told.value.cause == "Database or disk is full. What was kept before is still there."
    with Ledger(tmp_path / "ledger") as ledger:
        assert ledger.verdicts(["first", "second"]) == {"first": "{}"}


def test_a_disk_that_fills_up_meanwhile(
    tmp_path: Path, asked: list[bytes], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where no verdict can be kept any more, grading ends with that, and with nothing of Dask's own."""
    folder = a_class(tmp_path / "all", **{f"s{number}": f"x = {number}" for number in range(40)})

    def full(ledger: Ledger, key: str, document: str) -> None:
        raise MtlearnError("The verdicts cannot be kept.", "Database or disk is full.", "Make room")

    monkeypatch.setattr(Ledger, "keep", full)
    with pytest.raises(MtlearnError, match="cannot be kept"):
        graded(folder, tmp_path)
    assert asked
    assert capfd.readouterr().err == ""
    with held(folder / f"{NAME}.lock"):
        pass


def test_a_damaged_ledger(tmp_path: Path) -> None:
    """A file that is no ledger is left alone, and the command says what to do."""
    (tmp_path / "ledger").write_bytes(b"no database, but long enough to be looked at" * 100)
    with pytest.raises(MtlearnError, match="cannot be used") as told:
        Ledger(tmp_path / "ledger")
    assert "Move it away" in told.value.fix
    with pytest.raises(MtlearnError, match="cannot be kept"):
        Ledger(tmp_path / "no" / "folder")


def test_killed_while_it_writes(tmp_path: Path) -> None:
    """A process that is killed while it keeps verdicts leaves all that it had kept."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom mtlearn.classroom.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]))\n"
        "for number in range(10**9):\n    ledger.keep(str(number), 'x' * 3000)\n    print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path / "ledger"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) == 50:
                break
        process.kill()
    with Ledger(tmp_path / "ledger") as ledger:
        assert len(ledger.verdicts(map(str, range(51)))) == 51
    with sqlite3.connect(tmp_path / "ledger") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_two_at_once(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """Who grades a class that is being graded is told who is at it, and can once that has ended."""
    folder = a_class(tmp_path / "all", ada=UNLOADABLE)
    with held(folder / f"{NAME}.lock"):
        ended = mtlearn("class", "grade", folder)
        assert ended.code == 3
        assert "This class is being graded already." in ended.stderr
        assert f"process {os.getpid()}" in ended.stderr
    with held(folder / f"{NAME}.lock"):
        pass


# -- for real ---------------------------------------------------------------------


def test_the_command(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """The command grades each file, writes what is asked for, ends with 0, and does nothing the second time."""
    folder = a_class(tmp_path / "all", ada=UNLOADABLE, bob="x = 1\n")
    out = tmp_path / "out"
    ended = mtlearn(
        "class", "grade", folder, "--write", out / "class.csv", "--write", out / "class.json", patience=LONG_S
    )
    assert ended.code == 0, ended.stderr
    assert "2 graded, 0 running, 0 left" in ended.stdout
    assert ended.stdout.endswith("2 files of 2 students: 0 passed.\n")
    document = msgspec.json.decode((out / "class.json").read_bytes(), type=ClassDocument)
    assert [each.status for each in document.results] == ["fail", "fail"]
    assert document.results[0].verdict
    assert document.results[0].verdict.checks[0].message.startswith("exercise.py is not valid Python")
    again = mtlearn("class", "grade", folder, "--json", patience=LONG_S)
    assert again.code == 0
    assert msgspec.json.decode(again.stdout, type=ClassDocument) == document


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--write", "class.doc"), "What should be written into class.doc?"),
        (("--check", "exercise-50"), "There is no exercise `exercise-50`."),
        (("--ledger", "/proc/ledger"), "Nothing can be kept in /proc."),
        (("--scheduler", "tcp://127.0.0.1:1"), "The scheduler tcp://127.0.0.1:1 cannot be reached."),
        (("--scheduler", "nonsense"), "`nonsense` is no address of a scheduler."),
    ],
    ids=lambda value: value[0].strip("-") if isinstance(value, tuple) else "",
)
def test_what_is_refused(tmp_path: Path, mtlearn: Mtlearn, arguments: tuple[str, ...], message: str) -> None:
    """A suffix, an exercise, a place and a scheduler that cannot be are refused with a cause and a fix."""
    ended = mtlearn("class", "grade", a_class(tmp_path / "all", ada=UNLOADABLE), *arguments, patience=LONG_S)
    assert ended.code in (2, 3)
    assert message in ended.stderr
    assert "fix:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the command says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MtlearnError, match="Dask") as told:
        graded(a_class(tmp_path / "all", ada=UNLOADABLE), tmp_path)
    assert told.value.fix == "pip install 'mtlearn[class]'"


# -- on a cluster -----------------------------------------------------------------


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def ended_after(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process, ended with all that it started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
        process.wait()


def test_a_cluster_that_fails(tmp_path: Path) -> None:
    """A worker that is killed, and a scheduler that goes away and comes back, cost time and no verdict."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    worker = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    folder = a_class(tmp_path / "all", **{f"s{number}": f"x{number} = 1\n" for number in range(6)})
    told: list[str] = []
    happened: list[str] = []
    with (
        ended_after(*scheduler) as first,
        ended_after(*worker) as to_be_killed,
        ended_after(*worker),
        ended_after(*worker),
    ):
        others: list[subprocess.Popen[bytes]] = []

        deadline = time.monotonic() + 6 * PATIENCE_S

        def look(progress: Progress) -> None:
            assert time.monotonic() < deadline
            if progress.done == 1 and "worker" not in happened:
                happened.append("worker")
                to_be_killed.kill()
            if progress.done == 3 and "scheduler" not in happened:
                happened.append("scheduler")
                first.send_signal(signal.SIGKILL)
                first.wait()
                for command in (scheduler, worker):  # a worker ends with its scheduler
                    others.append(subprocess.Popen([sys.executable, "-m", "dask", *command], stderr=subprocess.DEVNULL))

        try:
            wait_for(port)
            document = graded(folder, tmp_path, Engine(1, address, patience=4 * PATIENCE_S, notice=told.append), look)
        finally:
            for each in others:
                each.kill()
                each.wait()
    assert happened == ["worker", "scheduler"]
    assert [each.status for each in document.results] == ["fail"] * 6
    assert told == [
        f"The scheduler {address} is gone; 3 files wait for it to come back.",
        "The scheduler is there again.",
    ]


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 4 * PATIENCE_S
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError
