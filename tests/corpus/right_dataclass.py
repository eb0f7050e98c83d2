"""A dataclass whose lock is made by a default factory."""

import threading
from dataclasses import dataclass, field


@dataclass
class Counter:
    value: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self):
        with self.lock:
            self.value += 1


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2
