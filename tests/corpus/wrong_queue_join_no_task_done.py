"""queue.join, and nobody says task_done when the job fails."""

import queue

EXPECT = "deadlock"


class S:
    def __init__(self):
        self.q = queue.Queue()

    def work(self):
        item = self.q.get()
        if item == 1:
            return
        self.q.task_done()

    def main(self):
        self.q.put(1)
        self.q.join()


setup = S
THREADS = [S.work, S.main]


def check(s):
    pass
