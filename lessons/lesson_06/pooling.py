"""What does a buffer of 1 MiB cost: made for each use, or taken from a pool?

    PYTHONPATH=lessons python lessons/lesson_06/pooling.py

Each use writes one byte into every page. A new block has no pages yet: the system brings each of them in, emptied,
at the first touch (a page fault). A pool pays that once.
"""

import mmap
import signal
import sys
import threading
from multiprocessing.shared_memory import SharedMemory

from reporter import now, params, row, span, uninterrupted

try:
    from resource import RUSAGE_SELF, getrusage
except ImportError:  # Windows does not count them
    getrusage = None

MIB = 1024 * 1024
BUFFERS = 4
MARKS = bytes([1]) * (MIB // mmap.PAGESIZE)
ZEROS = bytes(MIB)


def touch(buffer):
    buffer[:: mmap.PAGESIZE] = MARKS


# region a new block, one from a pool
def new_block():
    with uninterrupted():
        block = SharedMemory(create=True, size=MIB)  # <-
    try:
        touch(block.buf)
    finally:
        block.close()
        block.unlink()


def from_pool(free):
    buffer = free.pop()
    touch(buffer)
    free.append(buffer)


# endregion


def from_pool_zeroed(free):
    buffer = free.pop()
    buffer[:] = ZEROS
    touch(buffer)
    free.append(buffer)


def faults():
    return getrusage(RUSAGE_SELF).ru_minflt if getrusage else 0


def measure(variant, use, times, made):
    """Use a buffer so many times; `made` are the bytes of shared memory that were asked for in all."""
    use()  # the first time warms up
    before, start = faults(), now()
    for _ in range(times):
        use()
    end = now()
    span(variant, threading.get_native_id(), start, end)
    row(variant=variant, uses=times, made=made, ns_per_use=round((end - start) * 1000 / times),
        faults=round((faults() - before) / times, 2) if getrusage else None)  # fmt: skip


def main():
    measure("new block each time", new_block, 20, 20 * MIB)
    with uninterrupted():
        block = SharedMemory(create=True, size=BUFFERS * MIB)
    free = [block.buf[number * MIB : (number + 1) * MIB] for number in range(BUFFERS)]
    try:
        measure("from a pool", lambda: from_pool(free), 2_000, BUFFERS * MIB)
        measure("from a pool, zeroed", lambda: from_pool_zeroed(free), 500, BUFFERS * MIB)
    finally:
        for buffer in free:
            buffer.release()  # a block cannot be closed while there are views of it
        block.close()
        block.unlink()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was begun is put away
    try:
        main(**params())
    except KeyboardInterrupt:
        sys.exit(130)
