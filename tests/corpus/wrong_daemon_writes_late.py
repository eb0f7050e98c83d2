"""A daemon writes the result, and nobody waits for it."""

import threading

EXPECT = "check"


class Report:
    def __init__(self):
        self.lines = []

    def write(self):
        self.lines.append("done")

    def run(self):
        threading.Thread(target=self.write, daemon=True).start()


setup = Report
THREADS = [Report.run]


def check(report):
    assert report.lines == ["done"], "the report is empty"
