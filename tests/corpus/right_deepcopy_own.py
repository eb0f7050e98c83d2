"""Each thread copies and prints what is its own."""

import copy
import json


class Reports:
    def __init__(self):
        self.done = []

    def run(self):
        mine = {"lines": [1, 2], "more": {"a": 1}}
        again = copy.deepcopy(mine)
        self.done.append(json.dumps(again, indent=1))


setup = Reports
THREADS = [Reports.run, Reports.run]


def check(reports):
    assert len(set(reports.done)) == 1
