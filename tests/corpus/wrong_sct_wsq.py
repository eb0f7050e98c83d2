"""A work-stealing deque whose owner does not look again for the last element."""

import threading

EXPECT = "check"


class Deque:
    def __init__(self):
        self.items = [10, 11]
        self.head, self.tail = 0, 2
        self.lock = threading.Lock()
        self.taken = []

    def pop(self):
        if self.head < self.tail:
            self.tail -= 1
            self.taken.append(self.items[self.tail])

    def steal(self):
        with self.lock:
            h = self.head
            if h < self.tail:
                self.head = h + 1
                self.taken.append(self.items[h])

    def owner(self):
        self.pop()
        self.pop()


setup = Deque
THREADS = [Deque.owner, Deque.steal]


def check(s):
    assert len(s.taken) == len(set(s.taken)), s.taken
