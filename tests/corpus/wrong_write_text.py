"""write_text() empties the file before it writes: who reads in between finds nothing."""

import tempfile
from pathlib import Path


class State:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (Path(self.folder.name) / "a").write_text("old")
        self.seen = ""


def setup():
    return State()


def write(s):
    Path(s.folder.name, "a").write_text("new")


def look(s):
    s.seen = Path(s.folder.name, "a").read_text()


THREADS = [write, look]


def check(s):
    assert s.seen in ("old", "new"), s.seen


EXPECT = "check"
