"""Both halves meet at a barrier."""

import threading


class Halves:
    def __init__(self):
        self.first = [0, 0]
        self.second = [0, 0]
        self.barrier = threading.Barrier(2)

    def run(self, index):
        self.first[index] = 1
        self.barrier.wait()
        self.second[index] = sum(self.first)


setup = Halves
THREADS = [lambda halves: halves.run(0), lambda halves: halves.run(1)]


def check(halves):
    assert halves.second == [2, 2]
