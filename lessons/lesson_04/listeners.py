"""Three messages are sent. What does each way of receiving hear, and when?

PYTHONPATH=lessons python lessons/lesson_04/listeners.py
"""

import multiprocessing
import queue
import threading
import time

from reporter import params, row

SENT = ["a", "b", "c"]


def tell(variant, got, at_once):
    kind = "the value" if got and isinstance(got[0], str) else "nothing"
    row(
        variant=variant, threads=[threading.get_native_id()], sent=len(SENT), heard=len(got), at_once=at_once, gets=kind
    )


def a_thread_that_calls_back():
    """An event, if you want one: a thread waits, and calls."""
    inbox, got, done, go = queue.Queue(), [], threading.Event(), threading.Event()

    def listen():
        go.wait()
        for message in iter(inbox.get, None):
            got.append(message)
        done.set()

    threading.Thread(target=listen, daemon=True).start()
    for message in [*SENT, None]:
        inbox.put(message)
    at_once = len(got)
    go.set()
    done.wait()
    tell("a thread that calls back", got, at_once)


def get_nowait():
    """Ask, without waiting."""
    inbox, got = queue.Queue(), []
    for message in SENT:
        inbox.put(message)
    while not inbox.empty():
        got.append(inbox.get_nowait())
    tell("queue.get_nowait", got, len(got))


# region three messages, one get
def one_get():
    inbox = queue.Queue()
    for message in SENT:
        inbox.put(message)
    got = [inbox.get()]  # <-
    tell("one queue.get", got, len(got))


# endregion


def poll():
    """The same for a pipe."""
    ours, theirs = multiprocessing.Pipe()
    for message in SENT:
        theirs.send(message)
    got = []
    while ours.poll():
        got.append(ours.recv())
    tell("pipe.poll, then recv", got, len(got))


def nobody():
    inbox = queue.Queue()
    for message in SENT:
        inbox.put(message)
    time.sleep(0.02)
    tell("nobody gets", [], 0)


if __name__ == "__main__":
    params()
    a_thread_that_calls_back()
    one_get()
    get_nowait()
    poll()
    nobody()
