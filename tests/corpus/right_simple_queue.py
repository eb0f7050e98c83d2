"""A SimpleQueue between two threads."""

from queue import SimpleQueue


def setup():
    return SimpleQueue(), []


def produce(state):
    state[0].put(1)


def consume(state):
    state[1].append(state[0].get())


THREADS = [consume, produce]


def check(state):
    assert state[1] == [1]
