"""A nonlocal variable is shared by the threads that close over it."""

EXPECT = "check"


def setup():
    total = 0

    def add():
        nonlocal total
        total += 1

    def get():
        return total

    return add, get


def run(state):
    state[0]()


THREADS = [run, run]


def check(state):
    assert state[1]() == 2, f"total is {state[1]()}"
