"""A worker started in __init__ before the attributes it uses are there."""

import threading

EXPECT = "exception"


class Worker:
    def __init__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        self.jobs = [1]

    def run(self):
        self.jobs.pop()


def setup():
    return None


def main(_):
    Worker().thread.join()


THREADS = [main]


def check(_):
    pass
