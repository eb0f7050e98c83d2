"""A queue is closed between the look whether it is open and the put: the item is lost."""

import queue

EXPECT = "check"


class Inbox:
    def __init__(self):
        self.items = queue.SimpleQueue()
        self.closed = False
        self.emptied = []


def setup():
    return Inbox()


def send(inbox):
    if not inbox.closed:
        inbox.items.put("letter")


def close(inbox):
    inbox.closed = True
    while not inbox.items.empty():
        inbox.emptied.append(inbox.items.get())


THREADS = [send, close]


def check(inbox):
    assert inbox.items.empty(), "a letter was put into a closed inbox"
