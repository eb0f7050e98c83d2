"""Five hundred items out of a queue, each awaited five seconds at most: the clock is read a thousand times."""

import queue
import time

ITEMS = 500


class Line:
    def __init__(self):
        self.jobs = queue.Queue()
        self.sum = 0
        for item in range(ITEMS):
            self.jobs.put(item)

    def consume(self):
        deadline = time.monotonic() + 5
        for _ in range(ITEMS):
            item = self.jobs.get(timeout=5)
            if time.monotonic() > deadline:
                raise TimeoutError("it took too long")
            self.sum += item


setup = Line
THREADS = [Line.consume]


def check(line):
    assert line.sum == ITEMS * (ITEMS - 1) // 2
