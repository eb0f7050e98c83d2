"""What the log of a supervisor and its workers tells (see the scenarios), and which laws of the exercise it breaks."""

import json


class Story:
    """A log, followed entry by entry: `wrong` has the first sentence about each law that was broken.

    With `beside`, several threads acted at once: an exit counts from the moment when its callbacks have returned, and
    nobody can say which worker had the least to do.
    """

    def __init__(self, seen, size, max_attempts, max_restarts, beside=False):
        self.log, self.jobs, self.beside = seen["log"], seen["jobs"], beside
        self.show = json.dumps if seen["runtime"] == "node" else repr
        self.size, self.max_attempts, self.max_restarts = size, max_attempts, max_restarts
        self.wrong = {}
        self.tasks = {}  # live worker -> the jobs it was sent and has not answered
        self.leaving = set()  # workers whose exit is being told
        self.killed = set()
        self.attempts = {}  # job -> how often it was sent
        self.values = {}  # job -> the result that was told
        self.again = []  # the unfinished jobs of the worker that exited last, which are to be sent again
        self.starts = self.exits = 0
        self.hopeless = False  # no worker was left, and none might be started
        self.draining = False
        for self.now, (what, *more) in enumerate(self.log, 1):
            getattr(self, what)(*more)
        self.end()

    def breaks(self, law, sentence, job=None):
        """Note it, with the last that happened, or with what happened to the job."""
        entries = [entry for entry in self.log[: self.now] if entry[0] in TELL]
        if job is not None:
            had = {entry[1] for entry in entries if entry[0] == "send" and entry[2] == job}
            entries = [entry for entry in entries if job in entry or (entry[0] == "exit" and entry[1] in had)]
        told = ", ".join(TELL[what].format(*more) for what, *more in entries[-8:])
        self.wrong.setdefault(law, f"{sentence} What happened: {told}.")

    def holders(self, job):
        return [worker for worker, tasks in self.tasks.items() if job in tasks and worker not in self.leaving]

    def unfinished(self):
        """The jobs that were sent, and are neither done nor tried often enough."""
        return [
            job
            for job, attempts in self.attempts.items()
            if attempts and job not in self.values and (attempts < self.max_attempts or self.holders(job))
        ]

    # -- the entries

    def start(self, worker):
        self.starts += 1
        self.tasks[worker] = []
        if self.killed:
            self.breaks("end", f"Worker {worker} was started when drain() had begun to kill the workers.")
        elif self.starts > self.size + self.max_restarts:
            self.breaks("storm", f"Worker {worker} was started: restart number {self.starts - self.size}, and "
                                 f"{self.max_restarts} are allowed in all.")  # fmt: skip
        elif self.starts > self.size + self.exits:
            self.breaks("started", f"Worker {worker} was started, where {self.size} were asked for "
                                   f"and {self.exits} had exited.")  # fmt: skip

    def submit(self, job):
        self.attempts[job] = 0

    def refused(self, job):
        del self.attempts[job]
        if not self.draining:
            self.breaks("lost", f"submit({job}) raised {self.jobs[job]['raised']}.")

    def send(self, worker, job):
        if job not in self.attempts:
            return self.breaks("sent", f"Worker {worker} was sent {job}, which nobody submitted.")
        self.attempts[job] += 1
        if worker not in self.tasks:
            self.breaks("dead", f"Job {job} was sent to worker {worker}, which has exited.")
        elif job in self.values:
            self.breaks("twice", f"Job {job} was sent again, and it was done already.")
        elif self.holders(job):
            self.breaks("twice", f"Job {job} was sent again, while worker {self.holders(job)[0]} has it.")
        elif self.attempts[job] > self.max_attempts:
            self.breaks("attempts", f"Job {job} was sent {self.attempts[job]} times; at most {self.max_attempts}.")
        elif job in self.again:
            if self.again[0] != job:
                self.breaks("order", f"Job {job} was sent again before job {self.again[0]}, which had come before it.")
            self.again.remove(job)
        elif self.attempts[job] == 1 and not self.beside:
            least = min(self.tasks, key=lambda each: len(self.tasks[each]))
            if len(self.tasks[worker]) > len(self.tasks[least]):
                self.breaks("least", f"Job {job} was sent to worker {worker}, which has {len(self.tasks[worker])} "
                                     f"unfinished; worker {least} has {len(self.tasks[least])}.")  # fmt: skip
        self.tasks.get(worker, []).append(job)

    def result(self, worker, job, value):
        if job in self.tasks.get(worker, ()):
            self.tasks[worker].remove(job)
            self.values[job] = value

    def exit(self, worker, code):
        self.leaving.add(worker)
        if not self.killed:
            self.exits += 1
        if not self.beside:
            self.again = [job for job in self.tasks[worker] if self.attempts[job] < self.max_attempts]
            del self.tasks[worker]

    def told(self, worker):
        self.tasks.pop(worker, None)
        if not self.tasks and not self.killed and self.exits >= self.size + self.max_restarts:
            self.hopeless = True

    def drain(self):
        self.draining = True

    def kill(self, worker):
        if worker not in self.tasks:
            return  # it is dead already
        if self.unfinished() or not self.draining:
            waits = f"job {self.unfinished()[0]} was unfinished" if self.unfinished() else "nobody had called drain()"
            self.breaks("drain", f"Worker {worker} was killed, and {waits}.")
        self.killed.add(worker)

    def drained(self):
        left = [worker for worker in self.tasks if worker not in self.leaving]
        if left:
            self.breaks("returned", f"drain() returned, and worker {left[0]} had not exited.")

    def end(self):
        """What the supervisor owed by now."""
        spared = [worker for worker in self.tasks if worker not in self.killed]
        if self.draining and spared and not self.unfinished():
            self.breaks("kill", f"drain() was called, every job was settled, and worker {spared[0]} was not killed.")
        if self.starts < self.size:
            self.breaks("started", f"{self.size} workers were asked for, and {self.starts} were started.")
        if self.starts < self.size + min(self.exits, self.max_restarts):
            self.breaks("restarts", f"{self.exits} workers exited, {self.max_restarts} restarts are allowed, and "
                                    f"{self.starts - self.size} workers were started again.")  # fmt: skip
        for job, attempts in self.attempts.items():
            ended = self.jobs[job]
            so = ended_so(ended, self.show)
            times = "once" if attempts == 1 else f"{attempts} times"
            given_up = self.hopeless or (attempts >= self.max_attempts and not self.holders(job))
            if "gave" in ended or "raised" in ended:
                continue  # told by a check of its own
            elif job in self.values:
                if ended != {"value": self.values[job]}:
                    told = (
                        f"Job {job} was answered with {self.show(self.values[job])}, and {ended_so(ended, self.show)}."
                    )
                    self.breaks("results", told, job)
            elif "value" in ended:
                self.breaks("results", f"Job {job} was not answered, and {so}.", job)
            elif given_up and "pending" in ended:
                why = "no worker is left, and none may be started" if self.hopeless else f"it was sent {times}"
                self.breaks("given up", f"Job {job} never ended: {why}, so it should fail.", job)
            elif "failed" in ended and not given_up:
                has = f"worker {self.holders(job)[0]} has it" if self.holders(job) else f"it was sent {times}"
                self.breaks("early", f"Job {job} failed, and {has}, of {self.max_attempts} that are allowed.", job)
            elif "pending" in ended and not self.holders(job):
                lost = f"Job {job} is lost: its worker exited, and it was neither sent again nor failed."
                self.breaks("lost", lost if attempts else f"Job {job} was submitted, and sent to no worker.", job)


TELL = {
    "start": "worker {0} is started",
    "submit": "job {0} is submitted",
    "refused": "job {0} is refused",
    "send": "job {1} is sent to worker {0}",
    "result": "worker {0} answers job {1}",
    "exit": "worker {0} exits with code {1}",
    "drain": "drain() is called",
    "kill": "worker {0} is killed",
    "drained": "drain() returns",
}


def ended_so(ended, show=repr):
    """How a job ended, in words."""
    if "value" in ended:
        return f"it gave {show(ended['value'])}"
    if "failed" in ended:
        return f'it failed with "{ended["failed"]}"'
    return "it never ended" if "pending" in ended else f"submit raised {ended['raised']}"
