"""multiprocessing's queue, event and semaphore between threads."""

import multiprocessing


class Line:
    def __init__(self):
        self.jobs = multiprocessing.Queue()
        self.over = multiprocessing.Event()
        self.room = multiprocessing.Semaphore(1)
        self.got = []

    def produce(self):
        with self.room:
            self.jobs.put(1)
        self.over.set()

    def consume(self):
        self.over.wait()
        with self.room:
            self.got.append(self.jobs.get())


setup = Line
THREADS = [Line.produce, Line.consume]


def check(line):
    assert line.got == [1]
