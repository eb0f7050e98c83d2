"""mtlearn.system.processes: nothing that is started stays behind."""

from __future__ import annotations

import os
import sys
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import psutil
import pytest
from conftest import PATIENCE_S

from mtlearn.system import limits
from mtlearn.system.processes import Started, end_tree, exit_meaning, start

posix = pytest.mark.skipif(os.name != "posix", reason="process groups and sessions are POSIX")

# Starts a child, tells its pid, and waits for the end of its input.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], {options})
print(child.pid, flush=True)
sys.stdin.read()
"""


def parent_and_child(options: str) -> tuple[Started, psutil.Process]:
    """A parent that waits, and its child."""
    parent = start([sys.executable, "-c", PARENT.format(options=options)])
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


def gone(process: psutil.Process) -> bool:
    """Whether it ends (a killed process takes a moment to)."""
    return process in psutil.wait_procs([process], timeout=PATIENCE_S)[0]


@pytest.mark.parametrize("options", ["", pytest.param("start_new_session=True", marks=posix)])
def test_a_running_process_is_ended_with_its_children(options: str) -> None:
    """A running process is ended with its children, in its group or not."""
    parent, child = parent_and_child(options)
    assert end_tree(parent) != 0
    assert gone(child)


@posix
@pytest.mark.parametrize("options", ["", "start_new_session=True"])
def test_orphans_are_ended(options: str) -> None:
    """Children whose parent ended by itself are ended, in its group or not."""
    parent, child = parent_and_child(options)
    assert parent.stdin is not None
    parent.stdin.close()
    assert parent.wait() == 0
    assert child.is_running()
    assert end_tree(parent) == 0
    assert gone(child)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system tells no environment")
def test_a_process_is_known_while_it_becomes_its_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of the tree is one in the middle of exec too, when the system tells no environment of it yet."""
    process = start([sys.executable, "-c", "import sys; sys.stdin.read()"])
    looks: list[str] = []
    really = limits._read

    def early(file: str) -> bytes:
        if Path(file).parent.name != str(process.pid):
            return really(file)
        looks.append(Path(file).name)
        if len(looks) > 2:
            return really(file)
        return b"" if looks[-1] == "environ" else b"1 (it) R" + b" 0" * 49

    monkeypatch.setattr(limits, "_read", early)
    assert process.pid in process.tree.again().pids()
    assert looks == ["environ", "stat", "environ"]
    monkeypatch.undo()
    end_tree(process)


def test_ending_twice_is_harmless() -> None:
    """Ending a process twice gives its exit code twice, and ends nobody else."""
    bystander = start([sys.executable, "-c", "import sys; sys.stdin.read()"])
    process = start([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    assert [end_tree(process), end_tree(process)] == [3, 3]
    assert bystander.poll() is None
    end_tree(bystander)


def test_a_process_gets_its_environment(tmp_path: Path) -> None:
    """A process gets our environment, and what is added to it."""
    ask = "import os; print(os.environ['ADDED'], os.environ['MTLEARN_TEST'], os.getcwd())"
    process = start([sys.executable, "-c", ask], cwd=tmp_path, extra_env={"ADDED": "yes"})
    out, _ = process.communicate()
    assert out.decode().split() == ["yes", os.environ["MTLEARN_TEST"], str(tmp_path)]


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    """A command that does not exist is an OSError."""
    with pytest.raises(FileNotFoundError):
        start([tmp_path / "nothing"])


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-11, "killed by SIGSEGV"), (-999, "exit code -999")]
)
def test_exit_codes_in_words(code: int, words: str) -> None:
    """An exit code is reported in words, a signal by its name."""
    assert exit_meaning(code) == words


# Makes a block of shared memory and a semaphore that have names in the system, and waits.
SHARER = """
import multiprocessing, sys
from multiprocessing.shared_memory import SharedMemory
block = SharedMemory(create=True, size=10)
lock = multiprocessing.get_context("spawn").Lock()
print(block.name, flush=True)
sys.stdin.read()
{end}
"""


@posix
@pytest.mark.parametrize("end", ["", "import os; os._exit(1)"])
@pytest.mark.parametrize("by_itself", [False, True], ids=["ended", "by itself"])
def test_shared_memory_goes_too(end: str, by_itself: bool) -> None:
    """What a process leaves in shared memory is gone, whether it was ended or ended by itself, well or not."""
    process = start([sys.executable, "-c", SHARER.format(end=end)])
    assert process.stdout is not None
    assert process.stdin is not None
    name = process.stdout.readline().decode().strip()
    if by_itself:
        process.stdin.close()
        process.wait()
    end_tree(process)
    with pytest.raises(FileNotFoundError):
        SharedMemory(name)
