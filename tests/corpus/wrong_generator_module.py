"""A generator of the module, closed by one thread while the other is in it."""

EXPECT = "exception"


def lines():
    yield "a"
    yield "b"


class Reader:
    def __init__(self):
        self.lines = lines()

    def read(self):
        next(self.lines)

    def stop(self):
        self.lines.close()


setup = Reader
THREADS = [Reader.read, Reader.stop]


def check(_):
    pass
