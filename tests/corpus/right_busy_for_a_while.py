"""Work that goes on until a tenth of a second is over, by each of the clocks."""

import time


class Work:
    def __init__(self):
        self.rounds = [0, 0]

    def work(self, number, clock, length):
        end = clock() + length
        while clock() < end:
            self.rounds[number] += 1


setup = Work
THREADS = [lambda work: (work.work(0, time.perf_counter, 0.1), work.work(1, time.time_ns, 100_000_000))]


def check(work):
    assert work.rounds[0]
    assert work.rounds[1]
