# A semaphore counts the free buffers, a lock guards the list that says which.

import threading
from multiprocessing import shared_memory


class BufferPool:
    def __init__(self, count, size):
        self.block, self.size = shared_memory.SharedMemory(create=True, size=count * size), size
        self.permits, self.lock = threading.Semaphore(count), threading.Lock()
        self.lent, self.closed = [None] * count, False

    def acquire(self, timeout_s=None):
        if not self.permits.acquire(timeout=timeout_s):
            raise TimeoutError
        with self.lock:
            if self.closed:
                self.permits.release()  # so that the next one who waits is told as well
                raise ValueError("the pool is closed")
            number = self.lent.index(None)
            view = memoryview(self.block.buf)[number * self.size : (number + 1) * self.size]
            view[:] = b"\0" * self.size
            self.lent[number] = view
            return view

    def release(self, buffer):
        with self.lock:
            found = [number for number, view in enumerate(self.lent) if view is buffer and view is not None]
            if not found:
                raise TypeError("this buffer is not lent")
            self.lent[found[0]] = None
            buffer.release()
        self.permits.release()

    def close(self):
        with self.lock:
            if self.closed:
                return
            if any(view is not None for view in self.lent):
                raise BufferError("some buffers are out")
            self.closed = True
            self.block.close()
            self.block.unlink()
