"""os.environ.setdefault is a look and a store: two threads may both think that they were first."""

import os

EXPECT = "check"
NAME = "MTLEARN_CORPUS_LEADER"


def setup():
    os.environ.pop(NAME, None)
    return []


def join(leaders, me):
    if os.environ.setdefault(NAME, me) == me:
        leaders.append(me)


THREADS = [lambda leaders: join(leaders, "a"), lambda leaders: join(leaders, "b")]


def check(leaders):
    assert len(leaders) == 1, f"the leaders are {leaders}"
