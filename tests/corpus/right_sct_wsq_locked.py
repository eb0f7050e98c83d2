"""A work-stealing deque, locked by both."""

import threading


class Deque:
    def __init__(self):
        self.items = [10, 11]
        self.head, self.tail = 0, 2
        self.lock = threading.Lock()
        self.taken = []

    def pop(self):
        with self.lock:
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
    assert sorted(s.taken) == [10, 11]
