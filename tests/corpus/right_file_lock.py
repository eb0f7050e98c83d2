"""A number in a file, raised under flock."""

import fcntl
import os
import tempfile


class Counter:
    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(mode="w+")
        self.file.write("0")
        self.file.flush()

    def add(self):
        with open(self.file.name, "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            value = int(file.read())
            file.seek(0)
            file.write(str(value + 1))


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    with open(counter.file.name) as file:
        assert file.read() == "2"
    assert os.path.exists(counter.file.name)
