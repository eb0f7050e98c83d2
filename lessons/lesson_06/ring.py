"""A process sends numbers, eight at a time: by messages, and through a ring buffer in shared memory.

    PYTHONPATH=lessons python lessons/lesson_06/ring.py

The ring has so many slots. The sender fills the next one, the receiver empties it. Two semaphores count the filled
and the free ones; whoever finds none sleeps. To wake somebody for each slot is dear, so they may be counted in blocks.
"""

import multiprocessing
import os
import signal
import struct
import sys
from contextlib import contextmanager
from multiprocessing.shared_memory import SharedMemory

from reporter import ctrl_c_ignored, now, params, row, span, uninterrupted

SLOTS = 256
SLOT = struct.Struct("8d")


class Ring:
    """One end of the ring. `block` slots are handed over together."""

    def __init__(self, memory, filled, free, block):
        self.memory, self.filled, self.free, self.block = memory, filled, free, block
        self.done = 0

    # region send a slot
    def send(self, numbers):
        if self.done % self.block == 0:
            self.free.acquire()  # <-
        SLOT.pack_into(self.memory, self.done % SLOTS * SLOT.size, *numbers)
        self.done += 1
        if self.done % self.block == 0:
            self.filled.release()

    # endregion

    def receive(self):
        if self.done % self.block == 0:
            self.filled.acquire()
        numbers = SLOT.unpack_from(self.memory, self.done % SLOTS * SLOT.size)
        self.done += 1
        if self.done % self.block == 0:
            self.free.release()
        return numbers


def sender(orders, name, progress, rings, pipe, queue):
    """A process: send as many as are asked for; say how far it was ahead of the receiver at most."""
    memory = SharedMemory(name)
    for how, count in iter(orders.recv, None):
        send = {"pipe": pipe.send, "queue": queue.put}.get(how) or Ring(memory.buf, *rings[how]).send
        most = 0
        for sent in range(count):
            send((float(sent), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0))
            most = max(most, sent + 1 - progress[0])
        orders.send((os.getpid(), most))
        del send  # it holds on to the ring
    memory.close()


class Receiver:
    def __init__(self, orders, progress):
        self.orders, self.progress = orders, progress

    def transfer(self, variant, how, count, receive):
        """Have so many sent and receive them; tell how long that took, and whether they came in order."""
        self.progress[0] = 0
        start, in_order = now(), 0
        self.orders.send((how, count))
        for number in range(count):
            in_order += receive()[0] == number
            self.progress[0] = number + 1
        end = now()
        process, most = self.orders.recv()
        for each in (process, os.getpid()):
            span(variant, each, start, end, each)
        row(variant=variant, threads=[process, os.getpid()], count=count, in_order=in_order, ahead=most,
            per_second=round(count * 1e6 / (end - start)), ns_per_op=round((end - start) * 1000 / count))  # fmt: skip


@contextmanager
def process(target, *arguments):
    """A process at work, and our end of the pipe over which it gets its orders."""
    spawn = multiprocessing.get_context("spawn")
    ours, other = spawn.Pipe()
    worker = spawn.Process(target=target, args=(other, *arguments), daemon=True)
    with ctrl_c_ignored():
        worker.start()
    other.close()
    try:
        yield ours
        ours.send(None)
        worker.join()
    finally:
        worker.terminate()
        worker.join()


def main():
    spawn = multiprocessing.get_context("spawn")
    rings = {block: (spawn.Semaphore(0), spawn.Semaphore(SLOTS // block), block) for block in (1, 16)}
    queue, (receiver, pipe) = spawn.Queue(), spawn.Pipe(duplex=False)
    progress = spawn.RawArray("q", 1)
    with uninterrupted():
        memory = SharedMemory(create=True, size=SLOTS * SLOT.size)
    try:
        with process(sender, memory.name, progress, rings, pipe, queue) as orders:
            transfer = Receiver(orders, progress).transfer
            transfer("Queue", "queue", 10_000, queue.get)
            transfer("Pipe", "pipe", 10_000, receiver.recv)
            transfer("ring, slot by slot", 1, 20_000, Ring(memory.buf, *rings[1]).receive)
            transfer("ring, 16 at a time", 16, 40_000, Ring(memory.buf, *rings[16]).receive)
    finally:
        memory.close()
        memory.unlink()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the process is ended, too
    params()
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
