"""A heap calls `__lt__` in the middle of its work, where another thread may change it."""

import heapq
from types import SimpleNamespace

EXPECT = "exception"


class Job:
    def __init__(self, number):
        self.number = number

    def __lt__(self, other):
        return self.number < other.number


def setup():
    return SimpleNamespace(jobs=[Job(5)], done=[])


def work(state):
    while state.jobs:
        state.done.append(heapq.heappop(state.jobs).number)


def push(state):
    heapq.heappush(state.jobs, Job(1))
    heapq.heappush(state.jobs, Job(9))
    work(state)


THREADS = [work, push]


def check(state):
    assert sorted(state.done) == [1, 5, 9], f"{state.done}"
