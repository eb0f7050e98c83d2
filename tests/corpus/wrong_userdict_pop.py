"""UserDict.pop looks first and deletes afterwards, in Python: both threads find the job."""

from collections import UserDict

EXPECT = "exception"


class Jobs:
    def __init__(self):
        self.open = UserDict({"a": 1})

    def take(self):
        self.open.pop("a", None)


setup = Jobs
THREADS = [Jobs.take, Jobs.take]


def check(_):
    pass
