# One condition guards a queue for each worker; a task counts its attempts, and who settles the last one wakes drain().
import threading
from collections import deque
from concurrent.futures import Future


class Task:
    def __init__(self, job):
        self.job = job
        self.future = Future()
        self.attempts = 0


class Supervisor:
    def __init__(self, start_worker, size, max_attempts, max_restarts):
        self.start_worker = start_worker
        self.max_attempts = max_attempts
        self.restarts_left = max_restarts
        self.queues = {}
        self.unsettled = 0
        self.draining = False
        self.ending = False
        self.changed = threading.Condition()
        with self.changed:
            for _ in range(size):
                self.start()

    def submit(self, job):
        task = Task(job)
        with self.changed:
            if self.draining:
                raise RuntimeError("no more jobs")
            self.unsettled += 1
            sent = self.send(task)
        if not sent:
            self.fail(task)
        return task.future

    def drain(self):
        with self.changed:
            self.draining = True
            self.changed.wait_for(lambda: self.unsettled == 0)
            self.ending = True
            workers = list(self.queues)
        for worker in workers:
            worker.kill()
        with self.changed:
            self.changed.wait_for(lambda: not self.queues)

    def start(self):
        worker = self.start_worker()
        self.queues[worker] = deque()
        worker.on_result(lambda result: self.on_result(worker, result))
        worker.on_exit(lambda code: self.on_exit(worker, code))

    def send(self, task):
        if task.attempts == self.max_attempts or not self.queues:
            return False
        worker = min(self.queues, key=lambda worker: len(self.queues[worker]))
        task.attempts += 1
        self.queues[worker].append(task)
        worker.send(task.job)
        return True

    def on_result(self, worker, result):
        with self.changed:
            queue = self.queues.get(worker)
            task = queue.popleft() if queue else None
        if task:
            self.settle(lambda: task.future.set_result(result))

    def on_exit(self, worker, code):
        with self.changed:
            queue = self.queues.pop(worker)
            if self.restarts_left > 0 and not self.ending:
                self.restarts_left -= 1
                self.start()
            failed = [task for task in queue if not self.send(task)]
            self.changed.notify_all()
        for task in failed:
            self.fail(task)

    def fail(self, task):
        self.settle(lambda: task.future.set_exception(RuntimeError(f"given up after {task.attempts} attempts")))

    def settle(self, how):
        how()
        with self.changed:
            self.unsettled -= 1
            self.changed.notify_all()
