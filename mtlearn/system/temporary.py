"""A temporary folder that does not outlive the process that made it."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

# When its standard input ends, whoever made the folder is gone; what it had started is ended in two seconds.
REAPER = 'read end; sleep 3; rm -rf -- "$0"'


class TemporaryFolder:
    """A new folder at `path`, for this user alone, until it is removed; or until this process is gone, killed even.

    Raises OSError when it cannot be made.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.gettempdir(), f"mtlearn-{secrets.token_hex(4)}")
        self._keeper = _keep(self.path) if os.name == "posix" else None
        try:
            self.path.mkdir(mode=0o700)
        except BaseException:
            self._release()
            raise

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it, with all that is in it. Safe to call twice."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._release()

    def _release(self) -> None:
        if self._keeper:
            self._keeper.kill()
            self._keeper.wait()
            assert self._keeper.stdin
            self._keeper.stdin.close()


def _keep(path: Path) -> subprocess.Popen[bytes]:
    """A process that is there from before the folder is made."""
    return subprocess.Popen(
        ["/bin/sh", "-c", REAPER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C does not reach it
    )
