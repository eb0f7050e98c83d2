# belief: only what runs counts: threads may queue up at a semaphore
# fails: as_many_as_size
# says: threads while

# Each task gets a thread at once; a semaphore lets so many of them on. The others wait, each with a stack of
# its own.

import asyncio
import inspect
import threading
from collections import deque
from concurrent.futures import Future
from contextvars import copy_context


class WorkerPool:
    def __init__(self, size):
        self._waiting = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._turns = threading.Semaphore(size)
        self._threads = []

    def submit(self, function, *arguments):
        future = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._waiting.append((future, copy_context(), function, arguments))
            self._threads.append(threading.Thread(target=self._work))
            self._threads[-1].start()
        return future

    def close(self):
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, deque()
            self._changed.notify_all()
        for future, *_ in left:
            if future.set_running_or_notify_cancel():
                future.set_exception(RuntimeError("the pool was closed"))
        for thread in self._threads:
            thread.join()

    def _next(self):
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def _work(self):
        with self._turns:
            if task := self._next():
                future, context, function, arguments = task
                if future.set_running_or_notify_cancel():
                    context.run(run, future, function, arguments)


def run(future, function, arguments):
    try:
        result = function(*arguments)
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
