# The free buffers are views in a queue, handed out again and again: a thread may be lent the very same object twice.

import queue
import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    def __init__(self, count, size):
        self.block = SharedMemory(create=True, size=count * size)
        self.views = [self.block.buf[number * size : (number + 1) * size] for number in range(count)]
        self.free = queue.Queue()
        for view in self.views:
            self.free.put(view)
        self.out, self.lock, self.closed = [], threading.Lock(), False

    def acquire(self, timeout_s=None):
        try:
            view = self.free.get(timeout=timeout_s) if timeout_s != 0 else self.free.get_nowait()
        except queue.Empty:
            raise TimeoutError("no buffer is free") from None
        if view is None:
            self.free.put(None)
            raise RuntimeError("the pool is closed")
        with self.lock:
            self.out.append(view)
        for place in range(len(view)):
            view[place] = 0
        return view

    def release(self, buffer):
        with self.lock:
            place = next((place for place, view in enumerate(self.out) if view is buffer), None)
            if place is None:
                raise ValueError("this buffer is not lent")
            del self.out[place]
            self.free.put(buffer)

    def close(self):
        with self.lock:
            if self.closed:
                return
            views = []
            while len(views) < len(self.views):
                try:
                    views.append(self.free.get_nowait())
                except queue.Empty:
                    for view in views:
                        self.free.put(view)
                    raise RuntimeError("some buffers are out") from None
            self.closed = True
            self.free.put(None)
            for view in self.views:
                view.release()
            self.block.close()
            self.block.unlink()
