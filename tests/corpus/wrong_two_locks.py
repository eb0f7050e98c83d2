"""Two threads that use different locks for one value do not exclude each other."""

import threading

EXPECT = "check"


class Counter:
    def __init__(self):
        self.value = 0
        self.up_lock = threading.Lock()
        self.down_lock = threading.Lock()

    def up(self):
        with self.up_lock:
            self.value += 1

    def down(self):
        with self.down_lock:
            self.value -= 1


setup = Counter
THREADS = [Counter.up, Counter.down]


def check(counter):
    assert counter.value == 0, f"the counter is {counter.value}"
