"""A producer and a consumer on a queue of one place."""

import queue


class Line:
    def __init__(self):
        self.queue = queue.Queue(1)
        self.got = []

    def produce(self):
        for n in (1, 2):
            self.queue.put(n)

    def consume(self):
        for _ in (1, 2):
            self.got.append(self.queue.get())


setup = Line
THREADS = [Line.produce, Line.consume]


def check(line):
    assert line.got == [1, 2]
