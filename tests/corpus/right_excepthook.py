"""threading.excepthook notes an expected failure."""

import threading


class S:
    def __init__(self):
        self.seen = []

    def main(self):
        old = threading.excepthook
        threading.excepthook = lambda a: self.seen.append(a.exc_type.__name__)
        try:
            t = threading.Thread(target=lambda: 1 / 0)
            t.start()
            t.join()
        finally:
            threading.excepthook = old


setup = S
THREADS = [S.main]


def check(s):
    assert s.seen == ["ZeroDivisionError"]
