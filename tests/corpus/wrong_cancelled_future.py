"""A future is cancelled between the look at it and its result. The exception's text has an address in it."""

from concurrent.futures import Future

EXPECT = "exception"


def setup():
    return Future()


def work(future):
    if not future.cancelled():
        future.set_result(1)


def cancel(future):
    future.cancel()


THREADS = [work, cancel]


def check(_):
    pass
