"""A pool of threads: one line of tasks that wait, and so many threads that take the next one."""

import asyncio
import inspect
import threading
from collections import deque
from concurrent.futures import Future
from contextvars import copy_context


class WorkerPool:
    """Runs at most `size` tasks at once, each in a thread, first in first out."""

    def __init__(self, size):
        self._waiting = deque()  # (future, context, function, arguments)
        self._closed = False
        self._changed = threading.Condition()  # guards both: nobody joins a line that close() has emptied
        self._threads = [threading.Thread(target=self._work) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def submit(self, function, *arguments):
        """Let function(*arguments) run when its turn comes; give the future of what comes of it."""
        future = Future()
        task = (future, copy_context(), function, arguments)  # the caller's context as it is now, not later
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._waiting.append(task)
            self._changed.notify()
        return future

    def close(self):
        """Take no more tasks, fail those that wait, and wait until those that run have ended."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, deque()
            self._changed.notify_all()
        for future, context, _, _ in left:
            if future.set_running_or_notify_cancel():  # False: it was cancelled, and is settled already
                context.run(future.set_exception, RuntimeError("the pool was closed before this task could start"))
        for thread in self._threads:
            thread.join()

    def _next(self):
        """The task that waits longest; None when there will be no more."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return self._waiting.popleft() if self._waiting else None

    def _work(self):
        """In each thread: one task after the other."""
        with asyncio.Runner() as runner:  # makes this thread's own loop when it is first used
            while task := self._next():
                future, context, function, arguments = task
                # From here on it runs and cannot be cancelled; one that was cancelled before takes no turn.
                if future.set_running_or_notify_cancel():
                    try:
                        result = context.run(function, *arguments)
                        if inspect.iscoroutine(result):
                            result = runner.run(result, context=context)
                    except BaseException as error:  # SystemExit too: it is the task that ends, not the thread
                        context.run(future.set_exception, error)
                    else:
                        context.run(future.set_result, result)
