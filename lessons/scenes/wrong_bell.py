"""A shelf has room for one loaf. A baker bakes two, two guests eat one each. All wait at one bell; it wakes one."""

import threading


class Shelf:
    def __init__(self):
        self.loaves = 0
        self.bell = threading.Condition()


def bake(shelf):
    for _ in range(2):
        with shelf.bell:
            while shelf.loaves == 1:
                shelf.bell.wait()
            shelf.loaves = 1
            shelf.bell.notify()


def eat(shelf):
    with shelf.bell:
        while shelf.loaves == 0:
            shelf.bell.wait()
        shelf.loaves = 0
        shelf.bell.notify()


setup = Shelf
threads = [bake, eat, eat]


def memory(shelf):
    return {"loaves": [shelf.loaves]}
