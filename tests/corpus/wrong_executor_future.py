"""`future.done()` and then a shared list: the callback appends while it is read."""

from concurrent.futures import ThreadPoolExecutor

EXPECT = "check"


class Log:
    def __init__(self):
        self.lines = []
        self.count = None

    def run(self):
        pool = ThreadPoolExecutor(1)
        future = pool.submit(self.lines.append, "done")
        future.cancel()
        self.count = len(self.lines)
        pool.shutdown()


setup = Log
THREADS = [Log.run]


def check(log):
    assert log.count == len(log.lines), f"counted {log.count}, there are {len(log.lines)}"
