"""The threads that threading.enumerate gives are joined; then there are as many as before."""

import threading


class Work:
    def __init__(self):
        self.lock = threading.Lock()
        self.done = 0
        self.left = None

    def work(self):
        with self.lock:
            self.done += 1

    def main(self):
        before = threading.active_count()
        for _ in range(2):
            threading.Thread(target=self.work, name="job").start()
        for thread in threading.enumerate():
            if thread.name == "job":
                thread.join()
        self.left = threading.active_count() - before


setup = Work
THREADS = [Work.main]


def check(work):
    assert work.done == 2
    assert work.left == 0
