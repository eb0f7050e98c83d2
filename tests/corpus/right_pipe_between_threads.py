"""One thread waits at a pipe for what the other writes."""

import os


class Pipe:
    def __init__(self):
        self.out, self.into = os.pipe()
        self.got = None

    def read(self):
        self.got = os.read(self.out, 8)
        os.close(self.out)

    def write(self):
        os.write(self.into, b"hello")
        os.close(self.into)


setup = Pipe
THREADS = [Pipe.read, Pipe.write]


def check(pipe):
    assert pipe.got == b"hello"
