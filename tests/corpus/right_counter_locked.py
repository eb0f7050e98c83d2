"""Counter.update under a lock."""

import threading
from collections import Counter


class Words:
    def __init__(self):
        self.lock = threading.Lock()
        self.count = Counter()

    def add(self):
        with self.lock:
            self.count.update(["a", "b"])


setup = Words
THREADS = [Words.add, Words.add]


def check(words):
    assert words.count == {"a": 2, "b": 2}
