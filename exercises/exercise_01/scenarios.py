"""What is done with a learner's sum_in_slices."""

import asyncio
import socket
import sys
from contextlib import contextmanager
from hashlib import sha256

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["sum_in_slices"]


def one_thread(work):
    """A scenario of one thread that runs a coroutine on its own loop."""
    return Scenario(lambda: None, [lambda _: asyncio.run(work())], lambda _: {})


def summing(counts, slice_size):
    """For each count, the sum of 3 * item + 1 over that many items (1, 2, 3, ...)."""

    async def work():
        return [
            told(await exercise.sum_in_slices(list(range(1, count + 1)), lambda item: 3 * item + 1, slice_size))
            for count in counts
        ]

    return one_thread(work)


def refusing(slice_sizes):
    """For each slice size what came of five items."""

    async def work():
        return [await attempt([1, 2, 3, 4, 5], lambda item: item, slice_size) for slice_size in slice_sizes]

    return one_thread(work)


def long_list(count, slice_size):
    """The sum of 3 * item + 1 over that many items (1, 2, 3, ...)."""
    return one_thread(lambda: attempt(list(range(1, count + 1)), lambda item: 3 * item + 1, slice_size))


async def attempt(items, crunch, slice_size):
    """What came of it: `returned`, or the type of what it `raised` and whether that fits a bad argument."""
    try:
        return {"returned": told(await exercise.sum_in_slices(items, crunch, slice_size))}
    except NotImplementedError:
        raise
    except Exception as error:
        fitting = isinstance(error, ValueError | TypeError)
        return {"raised": type(error).__name__, "message": str(error), "fitting": fitting}


def turning(count, slice_size, rounds):
    """How often the loop had turned when each of the items 0, 1, 2, ... was crunched, as [item, turns] in that order.

    The first item takes real work: timers that were set before it are all due when it is done.
    """

    async def work():
        loop = asyncio.get_running_loop()
        turns, seen = 0, []

        def turn():
            nonlocal turns, handle
            turns += 1
            handle = loop.call_soon(turn)  # these wait for the next turn

        def crunch(item):
            if not seen:
                work_hard(item, rounds)
            seen.append([item, turns])
            return item

        handle = loop.call_soon(turn)
        try:
            with patience(0.25):
                await exercise.sum_in_slices(list(range(count)), crunch, slice_size)
        finally:
            handle.cancel()
        return seen

    return one_thread(work)


@contextmanager
def patience(seconds):
    """Let a thread that calculates keep the GIL as long as it may.

    Whoever sends the items to a thread gets turns of the loop while they are crunched, or none: the interpreter
    decides. This makes it decide the same way each time: nobody switches before the thread waits for something.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def answering(count, slice_size, rounds):
    """Messages over a real socket on the same loop, before, while and after it sums hashes that take real work.

    Each message is sent when the one before has been answered.
    """

    async def work():
        loop = asyncio.get_running_loop()
        here, there = socket.socketpair()
        here.setblocking(False)
        there.setblocking(False)
        answered, most = 0, 10 * count

        def answer():
            there.send(there.recv(1))

        def ask_again():
            nonlocal answered
            here.recv(1)
            answered += 1
            if answered < most:
                here.send(b"?")

        def crunch(item):
            return work_hard(item, rounds)

        with here, there:
            loop.add_reader(there, answer)
            loop.add_reader(here, ask_again)
            here.send(b"?")
            while not answered:
                await asyncio.sleep(0)
            before = answered
            total = await exercise.sum_in_slices(list(range(count)), crunch, slice_size)
            meanwhile = answered - before
            loop.remove_reader(there)
            loop.remove_reader(here)
        wanted = sum(map(crunch, range(count)))
        return {"answered": meanwhile, "total": told(total), "wanted": wanted}

    return one_thread(work)


def work_hard(item, rounds):
    """The first byte of a hash of a hash of a hash."""
    digest = bytes([item % 256])
    for _ in range(rounds):
        digest = sha256(digest).digest()
    return digest[0]


def told(value):
    """A returned value as evidence: a whole number as it is, anything else as text."""
    return value if type(value) is int else repr(value)
