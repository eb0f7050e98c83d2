"""A supervisor: jobs go to the least-loaded worker, dead workers are replaced, and every job settles exactly once."""

import threading
from collections import deque
from concurrent.futures import Future


class Task:
    """A job on its way, with what is promised for it."""

    def __init__(self, job):
        self.job = job
        self.future = Future()
        self.attempts = 0


class Supervisor:
    """Keeps `size` workers at work, until it is drained."""

    def __init__(self, start_worker, size, max_attempts, max_restarts):
        self._start_worker = start_worker
        self._max_attempts = max_attempts
        self._restarts_left = max_restarts
        self._unfinished = {}  # live worker -> its tasks, in the order in which they were sent
        self._unsettled = 0
        self._draining = False  # no new jobs
        self._ending = False  # no new workers
        # Callbacks come on any thread. Whoever looks at the fields above, and acts on what he sees, holds this lock
        # from the look to the act; futures are settled without it, as that runs somebody else's code.
        self._changed = threading.Condition()
        with self._changed:
            for _ in range(size):
                self._start()

    def submit(self, job):
        """Send the job to the least-loaded worker; the future gets its result, or an error."""
        task = Task(job)
        with self._changed:
            if self._draining:
                raise RuntimeError("the supervisor takes no more jobs: it is being drained")
            self._unsettled += 1
            sent = self._send(task)
        if not sent:
            self._fail(task)
        return task.future

    def drain(self):
        """Let what was submitted come to its end, then the workers."""
        with self._changed:
            self._draining = True
            self._changed.wait_for(lambda: self._unsettled == 0)
            self._ending = True
            workers = list(self._unfinished)
        for worker in workers:
            worker.kill()
        with self._changed:
            self._changed.wait_for(lambda: not self._unfinished)

    # -- below, those marked "locked" are called with the lock held

    def _start(self):  # locked
        worker = self._start_worker()
        self._unfinished[worker] = deque()
        worker.on_result(lambda result: self._on_result(worker, result))
        worker.on_exit(lambda code: self._on_exit(worker, code))

    def _send(self, task):  # locked
        """Whether there was a worker to send it to, and an attempt left."""
        if task.attempts == self._max_attempts or not self._unfinished:
            return False
        worker = min(self._unfinished, key=lambda worker: len(self._unfinished[worker]))
        task.attempts += 1
        self._unfinished[worker].append(task)
        worker.send(task.job)
        return True

    def _on_result(self, worker, result):
        with self._changed:
            tasks = self._unfinished.get(worker)
            task = tasks.popleft() if tasks else None
        if task:
            task.future.set_result(result)
            self._settled()

    def _on_exit(self, worker, code):
        with self._changed:
            tasks = self._unfinished.pop(worker)
            if self._restarts_left and not self._ending:
                self._restarts_left -= 1
                self._start()
            failed = [task for task in tasks if not self._send(task)]
            self._changed.notify_all()
        for task in failed:
            self._fail(task, code)

    def _fail(self, task, code=None):
        why = "no worker is left" if code is None else f"its worker ended with exit code {code}"
        task.future.set_exception(RuntimeError(f"the job was tried {task.attempts} times: {why}"))
        self._settled()

    def _settled(self):
        with self._changed:
            self._unsettled -= 1
            self._changed.notify_all()
