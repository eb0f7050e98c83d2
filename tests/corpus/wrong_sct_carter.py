"""SCT's carter01_bad: who is first takes the second lock, in the other order."""

import threading

EXPECT = "deadlock"


class S:
    def __init__(self):
        self.m, self.l = threading.Lock(), threading.Lock()
        self.a = self.b = 0

    def one(self):
        with self.m:
            self.a += 1
            if self.a == 1:
                self.l.acquire()
        with self.m:
            self.a -= 1
            if self.a == 0:
                self.l.release()

    def two(self):
        with self.m:
            self.b += 1
            if self.b == 1:
                self.l.acquire()
        with self.m:
            self.b -= 1
            if self.b == 0:
                self.l.release()


setup = S
THREADS = [S.one, S.two]


def check(s):
    pass
