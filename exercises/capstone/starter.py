"""The capstone: a server of thumbnails. README.md says what it must do, and there are seven mistakes in here."""

import asyncio
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

    def add(self, size):
        """Count one more request, of so many bytes."""
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
        self._jobs = {}  # those that a worker has, by id
        self._last_id = 0
        self._workers = deque()
        self._buffers = [bytearray(ROOM) for _ in range(size)]  # made once, and used again and again
        for _ in range(size):
            self._start()

    async def thumbnail(self, request):
        """Give the thumbnail of request["pixels"], request["width"] pixels wide."""
        check(request)
        job = Job(request)
        self._hand_out(job)
        return await job.promised

    async def index(self, names, fingerprint):
        """Give the fingerprint of each name. `fingerprint` computes for a while."""
        found = {}
        for name in names:
            found[name] = fingerprint(name)
        return found

    def _start(self):
        worker = self._start_worker()
        worker.on_message(lambda answer: self._on_message(worker, answer))
        worker.on_exit(lambda code: self._on_exit(worker, code))
        self._workers.append(worker)

    def _hand_out(self, job):
        """Give a request to a worker: to each in turn."""
        worker = self._workers[0]
        self._workers.rotate(-1)
        self._send(worker, job)

    def _send(self, worker, job):
        pixels = job.request["pixels"]
        job.worker = worker
        job.buffer = self._buffers.pop() if self._buffers else bytearray(ROOM)
        job.buffer[: len(pixels)] = pixels
        job.tries += 1
        self._last_id += 1
        self._jobs[self._last_id] = job
        worker.send({"id": self._last_id, "width": job.request["width"], "pixels": job.buffer})

    def _on_message(self, worker, answer):
        """A worker has answered: who asked first gets it."""
        job = self._jobs.pop(min(self._jobs))
        self._buffers.append(job.buffer)
        if not job.promised.done():
            job.promised.set_result(answer["thumbnail"])

    def _on_exit(self, worker, code):
        """A worker has ended: another takes its place."""
        self._workers.remove(worker)
        self._start()
        for number in [number for number, job in self._jobs.items() if job.worker is worker]:
            job = self._jobs.pop(number)
            self._buffers.append(job.buffer)


def check(request):
    """Raise ValueError unless it is a request that a worker can take."""
    pixels, width = request.get("pixels"), request.get("width")
    if not isinstance(pixels, bytes) or not 1 <= len(pixels) <= ROOM:
        raise ValueError(f"pixels: 1 to {ROOM} bytes")
    if not width or width < 1:
        raise ValueError(f"width: a whole number from 1 to {WIDEST}")
