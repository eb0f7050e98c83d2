# Nobody is woken: who waits looks again every millisecond. It wipes what comes back, not what it lends.

import threading
import time
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self.block, self.size = SharedMemory(create=True, size=count * size), size
        self.lock, self.free, self.lent = threading.RLock(), set(range(count)), {}

    def acquire(self, timeout_s=None):
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            with self.lock:
                if self.block is None:
                    raise ValueError("the pool is closed")
                if self.free:
                    number = self.free.pop()
                    view = self.block.buf[number * self.size : (number + 1) * self.size]
                    self.lent[id(view)] = number, view
                    return view
            if end is not None and time.monotonic() >= end:
                raise TimeoutError("no buffer is free")
            time.sleep(0.001)

    def release(self, buffer):
        with self.lock:
            if id(buffer) not in self.lent:
                raise ValueError("this buffer is not lent")
            number, view = self.lent.pop(id(buffer))
            view[:] = bytes(self.size)
            view.release()
            self.free.add(number)

    def close(self):
        with self.lock:
            if self.block is None:
                return
            if self.lent:
                raise ValueError("some buffers are out")
            self.block.close()
            self.block.unlink()
            self.block = None
