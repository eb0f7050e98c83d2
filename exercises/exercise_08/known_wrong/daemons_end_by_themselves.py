# belief: daemon threads need no end
# fails: close_leaves_nothing
# says: still there

# They end with the program, and not before: every pool that was ever closed has left its threads behind.

import asyncio
import inspect
import queue
import threading
from concurrent.futures import Future
from contextvars import copy_context


class WorkerPool:
    def __init__(self, size):
        self._tasks = queue.Queue()
        self._closed = False
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def submit(self, function, *arguments):
        task = (Future(), copy_context(), function, arguments)
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._tasks.put(task)
        return task[0]

    def close(self):
        with self._lock:
            self._closed = True
        self._fail_all()
        self._tasks.join()

    def _fail_all(self):
        while True:
            try:
                future, *_ = self._tasks.get_nowait()
            except queue.Empty:
                return
            if future.set_running_or_notify_cancel():
                future.set_exception(RuntimeError("the pool was closed"))
            self._tasks.task_done()

    def _work(self):
        while True:
            future, context, function, arguments = self._tasks.get()
            if future.set_running_or_notify_cancel():
                context.run(run, future, function, arguments)
            self._tasks.task_done()


def run(future, function, arguments):
    try:
        result = function(*arguments)
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
