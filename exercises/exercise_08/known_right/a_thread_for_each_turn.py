# No worker lives on: each task gets its own thread, once there is room. A refused one gets a failed future.

import asyncio
import inspect
import threading
from concurrent.futures import Future
from contextvars import copy_context


class WorkerPool:
    def __init__(self, size):
        self._room = size
        self._line = []
        self._threads = []
        self._closed = False
        self._lock = threading.RLock()

    def submit(self, function, *arguments):
        future = Future()
        with self._lock:
            if self._closed:
                future.set_exception(RuntimeError("the pool is closed"))
                return future
            self._line.append((future, copy_context(), function, arguments))
            self._start()
        return future

    def close(self):
        with self._lock:
            self._closed = True
            left, self._line = self._line, []
        for future, *_ in left:
            future.cancel()
        while threads := [thread for thread in self._threads if thread.is_alive()]:
            for thread in threads:
                thread.join()

    def _start(self):
        while self._room and self._line:
            task = self._line.pop(0)
            if task[0].set_running_or_notify_cancel():
                self._room -= 1
                thread = threading.Thread(target=self._work, args=task)
                self._threads = [each for each in self._threads if each.is_alive()] + [thread]
                thread.start()

    def _work(self, future, context, function, arguments):
        try:
            result = context.run(function, *arguments)
            if inspect.isawaitable(result):
                result = context.run(asyncio.run, result)
        except BaseException as error:
            settle, outcome = future.set_exception, error
        else:
            settle, outcome = future.set_result, result
        with self._lock:
            self._room += 1
            self._start()
        context.run(settle, outcome)
