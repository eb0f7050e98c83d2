"""A number in a file, raised without a lock."""

import tempfile

EXPECT = "check"


class Counter:
    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(mode="w+")
        self.file.write("0")
        self.file.flush()

    def add(self):
        with open(self.file.name) as file:
            value = int(file.read())
        with open(self.file.name, "w") as file:
            file.write(str(value + 1))


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    with open(counter.file.name) as file:
        assert file.read() == "2", "an update is lost"
