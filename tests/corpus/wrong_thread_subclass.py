"""A subclass of Thread that reports through a shared attribute."""

import threading

EXPECT = "check"
results = []


class Adder(threading.Thread):
    total = 0

    def run(self):
        Adder.total += 1


def setup():
    Adder.total = 0


def main(_):
    adders = [Adder(), Adder()]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()


THREADS = [main]


def check(_):
    assert Adder.total == 2, f"the total is {Adder.total}"
