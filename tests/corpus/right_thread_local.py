"""Each thread has its own value in a threading.local."""

import threading

local = threading.local()


def setup():
    return []


def run(results):
    local.value = 0
    local.value += 1
    results.append(local.value)


THREADS = [run, run]


def check(results):
    assert results == [1, 1]
