"""A temporary folder that does not outlive the process that made it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PATIENCE_S

from mtlearn.system.temporary import TemporaryFolder

MAKER = """
import sys
from mtlearn.system.temporary import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "file").write_text("something")
print(folder.path, flush=True)
sys.stdin.read()
"""


def test_it_is_made_and_removed(temporary: Path) -> None:
    """It is there for this user alone, with room for files, until it is removed; twice does no harm."""
    folder = TemporaryFolder()
    assert list(temporary.iterdir()) == [folder.path]
    assert folder.path.stat().st_mode & 0o777 == 0o700
    (folder.path / "deeper").mkdir()
    (folder.path / "deeper" / "file").touch()
    folder.remove()
    folder.remove()
    assert list(temporary.iterdir()) == []


def test_a_block(temporary: Path) -> None:
    """After a block it is gone, also when its process has removed it before."""
    with TemporaryFolder() as path:
        path.rmdir()
    assert list(temporary.iterdir()) == []


def test_it_cannot_be_made(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be made, that is an OSError, and nothing is left."""
    monkeypatch.setattr("tempfile.tempdir", str(here / "nothing"))
    with pytest.raises(OSError, match="No such file"):
        TemporaryFolder()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody keeps it there")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, None])
def test_whoever_made_it_is_gone(temporary: Path, number: signal.Signals | None) -> None:
    """When the process that made it ends without removing it, by whatever signal, it goes, with what is in it."""
    maker = subprocess.Popen([sys.executable, "-c", MAKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert maker.stdout is not None
    made = Path(maker.stdout.readline().decode().strip())
    assert list(temporary.iterdir()) == [made]
    if number is not None:
        maker.send_signal(number)
    maker.communicate()
    deadline = time.monotonic() + PATIENCE_S
    while list(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(temporary.iterdir()) == []
