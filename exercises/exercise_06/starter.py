"""Exercise 6: a pool of buffers in shared memory. README.md says what it must do."""


class BufferPool:
    """Lends `count` buffers of `size` bytes each, from one block of shared memory."""

    def __init__(self, count, size):
        raise NotImplementedError("BufferPool is not written yet")

    def acquire(self, timeout_s=None):
        """Lend a zeroed buffer, a memoryview; where none is free, wait up to timeout_s seconds for one."""
        raise NotImplementedError("BufferPool.acquire is not written yet")

    def release(self, buffer):
        """Take a buffer back."""
        raise NotImplementedError("BufferPool.release is not written yet")

    def close(self):
        """Give the block back to the system."""
        raise NotImplementedError("BufferPool.close is not written yet")
