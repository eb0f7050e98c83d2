"""The guest waits until the meal is ready. The cook rings when it is."""

import threading


class Kitchen:
    def __init__(self):
        self.ready = False
        self.bell = threading.Condition()


def guest(kitchen):
    if not kitchen.ready:
        with kitchen.bell:
            kitchen.bell.wait()


def cook(kitchen):
    kitchen.ready = True
    with kitchen.bell:
        kitchen.bell.notify_all()


setup = Kitchen
threads = [guest, cook]


def memory(kitchen):
    return {"ready": [int(kitchen.ready)]}
