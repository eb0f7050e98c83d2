"""The JSON encoder, asked for piece by piece, is Python code that goes over a dict which another thread fills."""

import json

EXPECT = "exception"


class Log:
    def __init__(self):
        self.entries = {"a": [1], "b": [2]}
        self.text = ""

    def add(self):
        self.entries["c"] = [3]

    def save(self):
        self.text = "".join(json.JSONEncoder(indent=1).iterencode(self.entries))


setup = Log
THREADS = [Log.save, Log.add]


def check(log):
    assert log.text
