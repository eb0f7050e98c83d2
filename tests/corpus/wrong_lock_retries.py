"""Three tries to take a lock, each with a time-out; then the count is left as it is."""

import threading

EXPECT = "check"


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def add(self):
        for _ in range(3):
            if self.lock.acquire(timeout=0.05):
                try:
                    self.value += 1
                    return
                finally:
                    self.lock.release()


setup = Counter
THREADS = [Counter.add, Counter.add]


def check(counter):
    assert counter.value == 2, f"counted {counter.value}"
