"""Some threads that each call the learner's `work` once."""

import threading

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["work"]


class Shared:
    def __init__(self):
        self.count = 0
        self.lock = threading.Lock()


def working(threads):
    def thread(index):
        return lambda shared: exercise.work(shared, index)

    return Scenario(Shared, [thread(index) for index in range(threads)], lambda shared: {"memory": [shared.count]})
