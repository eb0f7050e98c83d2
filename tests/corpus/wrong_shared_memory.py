"""A byte of a shared-memory block is read and written in two steps."""

from multiprocessing import shared_memory

EXPECT = "check"
block = shared_memory.SharedMemory(create=True, size=1)
block.unlink()


def setup():
    block.buf[0] = 0


def add(_):
    block.buf[0] += 1


THREADS = [add, add]


def check(_):
    assert block.buf[0] == 2, f"the byte is {block.buf[0]}"
