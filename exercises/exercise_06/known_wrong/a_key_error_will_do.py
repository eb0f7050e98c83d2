# belief: any exception is as good as another
# fails: only_what_is_lent
# says: KeyError

import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = list(range(count))
        self._lent = {}
        self._numbers = {}
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, timeout_s=None):
        with self._changed:
            if not self._changed.wait_for(lambda: self._free or self._closed, timeout_s):
                raise TimeoutError("no buffer is free")
            if self._closed:
                raise ValueError("the pool is closed")
            number = self._free.pop()
            buffer = self._block.buf[number * self._size : (number + 1) * self._size]
            self._lent[number] = buffer
            self._numbers[id(buffer)] = number
        buffer[:] = bytes(self._size)
        return buffer

    def release(self, buffer):
        with self._changed:
            number = self._numbers.pop(id(buffer))
            buffer.release()
            del self._lent[number]
            self._free.append(number)
            self._changed.notify()

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
