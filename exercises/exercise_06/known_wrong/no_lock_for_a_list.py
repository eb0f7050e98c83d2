# belief: list.pop and list.append are atomic, so no lock is needed
# fails: one_buffer_one_holder
# says: pop from empty list
# shows: an interleaving

# Each step is atomic, the look and the taking together are not: one buffer is left, two threads see it,
# and the second pops from an empty list.

import threading
import time
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = list(range(count))
        self._lent = {}
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, timeout_s=None):
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._free and not self._closed:
            if end is not None and time.monotonic() >= end:
                raise TimeoutError("no buffer is free")
            time.sleep(0.001)
        if self._closed:
            raise ValueError("the pool is closed")
        number = self._free.pop()
        buffer = self._block.buf[number * self._size : (number + 1) * self._size]
        self._lent[number] = buffer
        buffer[:] = bytes(self._size)
        return buffer

    def release(self, buffer):
        with self._changed:
            number = self._number_of(buffer)
            buffer.release()
            del self._lent[number]
            self._free.append(number)
            self._changed.notify()

    def _number_of(self, buffer):
        for number, lent in self._lent.items():
            if lent is buffer:
                return number
        raise ValueError("this buffer is not lent")

    def close(self):
        with self._changed:
            if self._closed:
                return
            if self._lent:
                raise RuntimeError("some buffers are still out")
            self._closed = True
            self._changed.notify_all()
            self._block.close()
            self._block.unlink()
