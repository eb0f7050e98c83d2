# One lock around everything, which its holder may take again; drain looks again and again; a new worker takes over the
# jobs of the one it replaces.
import threading
import time
from concurrent.futures import Future


class Member:
    def __init__(self, boss):
        self.queue = []
        self.handle = boss.make()
        boss.members.append(self)
        self.handle.on_exit(lambda code: boss.died(self, code))
        self.handle.on_result(lambda value: boss.result(self, value))


class Supervisor:
    """One RLock around everything, futures settled inside, drain polls; unfinished jobs go to the new worker."""

    def __init__(self, start_worker, size, max_attempts, max_restarts):
        self.make, self.limit, self.budget = start_worker, max_attempts, max_restarts
        self.lock = threading.RLock()
        self.members = []
        self.futures = set()
        self.state = "open"
        with self.lock:
            for _ in range(size):
                Member(self)

    def submit(self, job):
        with self.lock:
            if self.state != "open":
                raise ValueError("closed")
            f = Future()
            self.futures.add(f)
            self.put([job, f, 0], None)
            return f

    def put(self, task, member):
        if task[2] >= self.limit or not self.members:
            self.futures.discard(task[1])
            task[1].set_exception(LookupError("no"))
            return
        m = member or min(self.members, key=lambda m: len(m.queue))
        task[2] += 1
        m.queue.append(task)
        m.handle.send(task[0])

    def result(self, m, value):
        with self.lock:
            if m.queue and m in self.members:
                _, f, _ = m.queue.pop(0)
                self.futures.discard(f)
                f.set_result(value)

    def died(self, m, code):
        with self.lock:
            self.members.remove(m)
            new = None
            if self.state != "closing" and self.budget:
                self.budget -= 1
                new = Member(self)
            for t in m.queue:
                self.put(t, new)
            m.queue = []

    def drain(self):
        with self.lock:
            self.state = "draining"
        while True:
            with self.lock:
                if not self.futures:
                    self.state = "closing"
                    break
            time.sleep(0.01)
        with self.lock:
            for m in self.members:
                m.handle.kill()
        while True:
            with self.lock:
                if not self.members:
                    return
            time.sleep(0.01)
