"""A consumer takes an empty queue for the end of the work after a twentieth of a second."""

import queue

EXPECT = "check"


class Line:
    def __init__(self):
        self.jobs = queue.Queue()
        self.done = 0

    def produce(self):
        self.jobs.put("a")
        self.jobs.put("b")

    def consume(self):
        while True:
            try:
                self.jobs.get(timeout=0.05)
            except queue.Empty:
                return
            self.done += 1


setup = Line
THREADS = [Line.produce, Line.consume]


def check(line):
    assert line.done == 2, f"{line.done} of 2 jobs were done"
