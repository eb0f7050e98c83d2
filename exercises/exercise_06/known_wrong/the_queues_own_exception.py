# belief: the exception of the tool I use is fine
# fails: waits
# says: Empty

import queue
import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = queue.LifoQueue()
        for number in range(count):
            self._free.put(number)
        self._lent = {}
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, timeout_s=None):
        number = self._free.get(timeout=timeout_s) if timeout_s != 0 else self._free.get_nowait()
        with self._changed:
            if number is None:
                self._free.put(None)
                raise ValueError("the pool is closed")
            buffer = self._block.buf[number * self._size : (number + 1) * self._size]
            self._lent[number] = buffer
        buffer[:] = bytes(self._size)
        return buffer

    def release(self, buffer):
        with self._changed:
            number = self._number_of(buffer)
            buffer.release()
            del self._lent[number]
            self._free.put(number)

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
            while not self._free.empty():
                self._free.get()
            self._free.put(None)
            self._block.close()
            self._block.unlink()
