"""threading.local in a pool: the next job of the same thread sees what the last one left."""

import threading
from concurrent.futures import ThreadPoolExecutor

EXPECT = "check"
local = threading.local()


class S:
    def __init__(self):
        self.seen = []

    def job(self, user):
        if not hasattr(local, "user"):
            local.user = user
        self.seen.append((user, local.user))

    def main(self):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.job, ["a", "b"]))


setup = S
THREADS = [S.main]


def check(s):
    assert all(a == b for a, b in s.seen), s.seen
