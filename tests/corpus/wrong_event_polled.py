"""Polling an event that nobody sets, with a sleep between."""

import threading
import time

EXPECT = "livelock"


def setup():
    return threading.Event()


def poll(event):
    while not event.is_set():
        time.sleep(0.01)


THREADS = [poll]


def check(_):
    pass
