# Who waits stands in a line, with their own event; whoever gives a buffer back hands it to the first of them.
import threading
from collections import deque
from multiprocessing.shared_memory import SharedMemory


class Waiter:
    def __init__(self):
        self.told = threading.Event()
        self.number = None


class BufferPool:
    def __init__(self, count, size):
        self.block = SharedMemory(create=True, size=count * size)
        self.size = size
        self.free = deque(range(count))
        self.line = deque()
        self.lent = {}
        self.out = 0
        self.closed = False
        self.lock = threading.Lock()

    def acquire(self, timeout_s=None):
        with self.lock:
            if self.closed:
                raise ValueError("the pool is closed")
            if self.free:
                self.out += 1
                return self.lend(self.free.popleft())
            waiter = Waiter()
            self.line.append(waiter)
        waiter.told.wait(timeout_s)
        with self.lock:
            if waiter.number is not None:
                return self.lend(waiter.number)
            if self.closed:
                raise ValueError("the pool is closed")
            self.line.remove(waiter)
            raise TimeoutError("no buffer came back in time")

    def lend(self, number):
        view = self.block.buf[number * self.size : (number + 1) * self.size]
        view[:] = bytes(self.size)
        self.lent[number] = view
        return view

    def release(self, buffer):
        with self.lock:
            number = next((number for number, view in self.lent.items() if view is buffer), None)
            if number is None:
                raise ValueError("this buffer is not lent")
            del self.lent[number]
            buffer.release()
            if self.line:
                waiter = self.line.popleft()
                waiter.number = number
                waiter.told.set()
            else:
                self.out -= 1
                self.free.append(number)

    def close(self):
        with self.lock:
            if self.closed:
                return
            if self.out:
                raise RuntimeError("some buffers are out")
            self.closed = True
            for waiter in self.line:
                waiter.told.set()
            self.block.close()
            self.block.unlink()
