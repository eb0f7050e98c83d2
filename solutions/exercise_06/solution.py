"""A pool of buffers in one block of shared memory, behind one condition."""

import threading
from multiprocessing.shared_memory import SharedMemory


class BufferPool:
    """Lends `count` buffers of `size` bytes each, to many threads."""

    def __init__(self, count, size):
        self._block = SharedMemory(create=True, size=count * size)
        self._size = size
        self._free = list(range(count))
        self._lent = {}  # the buffers that are out, by their number
        self._closed = False
        self._changed = threading.Condition()  # guards all of this, and wakes those who wait

    def acquire(self, timeout_s=None):
        """Lend a zeroed buffer; where none is free, wait for one."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._free or self._closed, timeout_s):
                raise TimeoutError(f"no buffer was free within {timeout_s} s")
            if self._closed:
                raise ValueError("this pool is closed")
            number = self._free.pop()
            buffer = self._block.buf[number * self._size : (number + 1) * self._size]
            self._lent[number] = buffer
        buffer[:] = bytes(self._size)  # it is ours alone by now: no need to keep the others waiting
        return buffer

    def release(self, buffer):
        """Take a buffer back."""
        with self._changed:
            # `is`, not `==`: two views are equal when their bytes are, so another's buffer might be found.
            number = next((number for number, lent in self._lent.items() if lent is buffer), None)
            if number is None:
                raise ValueError("this buffer is not lent")
            buffer.release()  # whoever still has it cannot write into what belongs to the next
            del self._lent[number]
            self._free.append(number)
            self._changed.notify()

    def close(self):
        """Give the block back to the system; an error while buffers are out."""
        with self._changed:
            if self._closed:
                return
            if self._lent:
                raise RuntimeError(f"{len(self._lent)} buffers are still out")
            self._closed = True
            self._changed.notify_all()  # who waits shall not wait for ever
            self._block.close()  # this process lets go of it,
            self._block.unlink()  # and the system forgets it
