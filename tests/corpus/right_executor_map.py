"""executor.map gives results in order."""

from concurrent.futures import ThreadPoolExecutor


def double(n):
    return 2 * n


def setup():
    return []


def run(results):
    with ThreadPoolExecutor(2) as pool:
        results.extend(pool.map(double, (1, 2)))


THREADS = [run]


def check(results):
    assert results == [2, 4]
