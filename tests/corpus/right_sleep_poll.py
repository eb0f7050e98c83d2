"""Polling with a sleep between until the other is done."""

import time


class Flag:
    def __init__(self):
        self.up = False

    def poll(self):
        while not self.up:
            time.sleep(0.01)

    def set(self):
        time.sleep(1)
        self.up = True


setup = Flag
THREADS = [Flag.poll, Flag.set]


def check(_):
    pass
