"""random.choice asks for the length first and for the item afterwards."""

import random

EXPECT = "exception"


class Workers:
    def __init__(self):
        self.idle = ["a"]

    def pick(self):
        if self.idle:
            random.choice(self.idle)

    def leave(self):
        self.idle.clear()


setup = Workers
THREADS = [Workers.pick, Workers.leave]


def check(_):
    pass
