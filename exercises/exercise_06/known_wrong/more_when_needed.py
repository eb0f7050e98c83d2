# belief: when the pool is empty, one more buffer does no harm
# fails: bound
# says: should raise TimeoutError

# Under load the pool grows without end: the bound was what it was for.

import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = list(range(count))
        self._lent = {}
        self._more = []
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, timeout_s=None):
        with self._changed:
            if not self._free and not self._closed:
                block = SharedMemory(create=True, size=self._size)
                self._more.append(block)
                self._lent[-len(self._more)] = block.buf[: self._size]
                return self._lent[-len(self._more)]
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
            if number >= 0:
                self._free.append(number)
            else:
                self._more[number].close()
                self._more[number].unlink()
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
