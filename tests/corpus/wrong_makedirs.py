"""Two threads: one makes folders within each other, another removes the outer one in between."""

import os
import tempfile


class State:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def setup():
    return State()


def make(s):
    os.makedirs(s.folder.name + "/a/b", exist_ok=True)


def drop(s):
    try:
        os.rmdir(s.folder.name + "/a")
    except OSError:
        pass


THREADS = [make, drop]


def check(s):
    pass


EXPECT = "exception"
