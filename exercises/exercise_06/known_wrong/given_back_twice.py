# belief: nobody gives back the same thing twice
# fails: only_what_is_lent
# says: should be a ValueError or a TypeError

# It looks whether the buffer is one of its own, not whether it is out: given back twice, it is free
# twice, and two threads are lent it.

import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = list(range(count))
        self._views = [self._block.buf[number * size : (number + 1) * size] for number in range(count)]
        self._lent = {}
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, timeout_s=None):
        with self._changed:
            if not self._changed.wait_for(lambda: self._free or self._closed, timeout_s):
                raise TimeoutError("no buffer is free")
            if self._closed:
                raise ValueError("the pool is closed")
            number = self._free.pop()
            buffer = self._lent[number] = self._views[number]
        buffer[:] = bytes(self._size)
        return buffer

    def release(self, buffer):
        with self._changed:
            for number, lent in enumerate(self._views):
                if lent is buffer:
                    self._free.append(number)
                    self._lent.pop(number, None)
                    self._changed.notify()
                    return
            raise ValueError("this buffer is not of this pool")

    def close(self):
        with self._changed:
            if self._closed:
                return
            if self._lent:
                raise RuntimeError("some buffers are still out")
            self._closed = True
            self._changed.notify_all()
            for view in self._views:
                view.release()
            self._block.close()
            self._block.unlink()
