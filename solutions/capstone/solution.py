"""The capstone: a server of thumbnails. README.md says what it must do."""

import asyncio
import threading
from collections import deque

ROOM = 1_024  # bytes of a buffer: no picture is larger
WIDEST = 1_000  # pixels of a thumbnail
TRIES = 2  # of a request: a picture that ends every worker must not be tried for ever
AT_ONCE = 10  # fingerprints without a turn of the loop


class Traffic:
    """How much was served. Threads of all kinds add to it."""

    def __init__(self):
        self.requests = 0
        self.bytes = 0
        self._lock = threading.Lock()

    def add(self, size):
        """Count one more request, of so many bytes."""
        with self._lock:  # `+=` reads and writes: nobody else comes in between
            self.requests += 1
            self.bytes += size


class Job:
    """A request on its way, with what is promised for it."""

    def __init__(self, request):
        self.request = request
        self.promised = asyncio.get_running_loop().create_future()
        self.worker = None
        self.buffer = None
        self.tries = 0


class ThumbnailServer:
    """Has thumbnails made by `size` workers. All of it runs on one event loop, callbacks too."""

    def __init__(self, start_worker, size):
        self._start_worker = start_worker
        self._waiting = deque()  # jobs that no worker has yet
        self._jobs = {}  # those that one has, by id
        self._last_id = 0
        self._free = deque()  # workers with nothing to do
        self._buffers = [bytearray(ROOM) for _ in range(size)]  # made once, and used again and again
        for _ in range(size):
            self._start()

    async def thumbnail(self, request):
        """Give the thumbnail of request["pixels"], request["width"] pixels wide."""
        check(request)
        job = Job(request)
        self._waiting.append(job)
        self._hand_out()
        return await job.promised

    async def index(self, names, fingerprint):
        """Give the fingerprint of each name. `fingerprint` computes for a while."""
        found = {}
        for number, name in enumerate(names, 1):
            found[name] = fingerprint(name)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)  # whoever waits for the loop gets a turn
        return found

    def _start(self):
        worker = self._start_worker()
        worker.on_message(lambda answer: self._on_message(worker, answer))
        worker.on_exit(lambda code: self._on_exit(worker, code))
        self._free.append(worker)

    def _hand_out(self):
        """Give the requests that wait to workers."""
        while self._waiting and self._free:
            self._send(self._free.popleft(), self._waiting.popleft())

    def _send(self, worker, job):
        pixels = job.request["pixels"]
        job.worker = worker
        job.buffer = self._buffers.pop() if self._buffers else bytearray(ROOM)
        job.buffer[:] = bytes(ROOM)  # another picture was in it
        job.buffer[: len(pixels)] = pixels
        job.tries += 1
        self._last_id += 1
        self._jobs[self._last_id] = job
        worker.send({"id": self._last_id, "width": job.request["width"], "pixels": job.buffer})

    def _on_message(self, worker, answer):
        job = self._jobs.pop(answer["id"])
        self._buffers.append(job.buffer)
        self._free.append(worker)
        if not job.promised.done():
            job.promised.set_result(answer["thumbnail"])
        self._hand_out()

    def _on_exit(self, worker, code):
        """A worker has ended: another takes its place."""
        if worker in self._free:
            self._free.remove(worker)
        self._start()
        for number in [number for number, job in self._jobs.items() if job.worker is worker]:
            job = self._jobs.pop(number)
            self._buffers.append(job.buffer)
            if job.tries < TRIES:
                self._waiting.appendleft(job)  # it has waited longest
            elif not job.promised.done():
                job.promised.set_exception(RuntimeError(f"the picture has ended {TRIES} workers, with code {code}"))
        self._hand_out()


def check(request):
    """Raise ValueError unless it is a request that a worker can take."""
    pixels, width = request.get("pixels"), request.get("width")
    if not isinstance(pixels, bytes) or not 1 <= len(pixels) <= ROOM:
        raise ValueError(f"pixels: 1 to {ROOM} bytes")
    if type(width) is not int or not 1 <= width <= WIDEST:
        raise ValueError(f"width: a whole number from 1 to {WIDEST}")
