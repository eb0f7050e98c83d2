"""What the log of a supervisor and its workers tells (see the scenarios), and which laws of the exercise it breaks."""

from mtlearn.grading.checks import Failure, Ran, Subject, expect
from mtlearn.grading.stateful.script import came, failed, refused, script, written

HELP = {
    "started": "Start `size` workers in the constructor, and afterwards one for each that exits.",
    "lost": "A job belongs to somebody at any time: to a live worker, or to those that are sent again at once.",
    "sent": "send(job) takes the job as it was submitted.",
    "least": "Count for each worker the jobs that it was sent and has not answered.",
    "results": "Keep for each worker the jobs that it was sent, in order: its next result is that of the first. "
    "Whether there was a result is not a question of its value.",
    "restarts": "Every exit counts, with code 0 too, idle or not, as long as drain() has not begun to kill.",
    "storm": "Keep one counter of restarts for the whole supervisor: a worker that dies at its start would be started "
    "for ever.",
    "twice": "What a worker has answered is no longer its business: take a job out of its queue when its result comes.",
    "order": "Go through the dead worker's queue from the front.",
    "early": "A job may be sent again as long as it has attempts left, and a worker is there or may be started.",
    "attempts": "Count each time a job is sent: a job that kills its worker would kill them for ever.",
    "given_up": "Whoever waits for the job waits for ever: let it fail with an error.",
    "dead": "Take a worker out of the list first, when its exit is told; then send its jobs to others.",
    "drain": "First no more jobs, then wait for those that are there, and only then kill.",
    "kill": "When the last job is settled, kill() each worker: nobody needs them any more.",
    "late": (
        "It looked whether drain() had been called, then drain() found nothing to wait for, and then the job was sent: "
        "too late. Let the look and the entry be one step, under a lock that drain() takes too."
    ),
    "returned": "After kill() a worker still has to exit: wait until the last one has told so.",
    "end": "An exit that drain() has brought about itself is not to be mended.",
}


class Story:
    """A log, followed entry by entry: `wrong` has the first sentence about each law that was broken.

    With `beside`, several threads acted at once: an exit counts from the moment when its callbacks have returned, and
    nobody can say which worker had the least to do.
    """

    def __init__(self, runtime, seen, size=2, max_attempts=3, max_restarts=3, beside=False):
        self.runtime, self.log, self.jobs, self.beside = runtime, seen["log"], seen["outcomes"], beside
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
            self.breaks("lost", f"submit({job}) raised {refused(self.jobs[job])}.")

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
            so = came(ended)
            times = "once" if attempts == 1 else f"{attempts} times"
            given_up = self.hopeless or (attempts >= self.max_attempts and not self.holders(job))
            if "gave" in ended or "raised" in ended:
                continue  # told by its own check
            elif job in self.values:
                if "value" not in ended or ended["value"] != self.values[job]:
                    value = written(self.runtime, self.values[job])
                    self.breaks("results", f"Job {job} was answered with {value}, and {so}.", job)
            elif "value" in ended:
                self.breaks("results", f"Job {job} was not answered, and {so}.", job)
            elif given_up and "pending" in ended:
                why = "no worker is left, and none may be started" if self.hopeless else f"it was sent {times}"
                self.breaks("given_up", f"Job {job} never ended: {why}, so it should fail.", job)
            elif failed(ended) and not given_up:
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


def plays(subject: Subject, laws, *parts, **settings):
    """Play a script; Failure where one of these laws was broken, or something raised."""
    steps = script(*parts)
    seen = subject.run_calm("playing", steps=steps, **settings).returns[0]
    broken = [(steps[each["step"]][0], each) for each in seen["broken"]]
    for what, raised in [*broken, *(("drain", raised) for raised in seen["drain_raised"])]:
        raise Failure(f"{TOLD.get(what, 'drain()')} raised {refused(raised)}.", "There was no reason to.")
    story = Story(subject.runtime, seen, **settings)
    for law in laws.split():
        expect(law not in story.wrong, story.wrong.get(law, ""), HELP[law])
    return seen


TOLD = {
    **dict.fromkeys(("answer", "answer_by", "finish"), "The callback of a result"),
    **dict.fromkeys(("crash", "exit", "bury"), "The callback of an exit"),
}


def returned(seen, when):
    expect(
        ["drained"] in seen["log"],
        f"drain() did not return: {when}.",
        "What does it wait for, and who wakes it when the last of it happens?",
    )


def explores(subject: Subject, *, bound=2, size=2, max_restarts=3, **params):
    """Several threads act at once; afterwards each job is done, has failed for a reason, or is with one worker."""
    exits = len(params["exits"])

    def judge(ran: Ran):
        workers, jobs = ran.memory["workers"], ran.memory["jobs"]
        alive = [sent for sent in workers if "told" not in sent]
        restarts, due = len(workers) - size, min(exits, max_restarts)
        told = f"{exits} worker{'s' * (exits > 1)} exited, and {restarts} were started again; it should be {due}."
        expect(restarts == due, told, HELP["storm"] + " Look at it and count it in one step.")
        for number, sent in enumerate(workers, 1):
            late = sent[sent.index("told") + 1 :] if "told" in sent else []
            expect(not late, f"Job {late and late[0]} was sent to worker {number} after its exit was told.", BESIDE)
        for name, ended in jobs.items():
            times, attempts = sum(sent.count(name) for sent in alive), sum(sent.count(name) for sent in workers)
            if "failed" in ended:
                expect(not alive, f"Job {name} failed, and a worker is there that could do it.", BESIDE)
            elif "pending" in ended:
                expect(bool(alive), f"Job {name} never ended: no worker is left.", HELP["given_up"])
                expect(times > 0, f"Job {name} is lost: no live worker has it, and it has not failed.", BESIDE)
                expect(times < 2, f"Job {name} is with two workers, or twice with one.", BESIDE)
            else:
                expect("value" in ended, f"submit({name}) gave no future: {came(ended)}.", "")
                again = times > 0 and params.get("answers") == params["exits"]
                expect(not again, f"Job {name} was answered, and sent again as its worker exited.", BESIDE)
            expect(attempts <= 3, f"Job {name} was sent {attempts} times.", HELP["attempts"])

    subject.explore("meanwhile", judge, bound, **params, size=size, max_restarts=max_restarts)


BESIDE = (
    "The callbacks come on other threads. From the look (which worker, is it alive?) to the act (the job is sent, and "
    "stands in its queue) nobody may come in between: one lock for both, and for what an exit does."
)


def random_steps(chance, size, max_restarts):
    """What can happen to a supervisor, in any order."""
    steps, alive, started = [], list(range(1, size + 1)), size
    for number in range(60):
        worker = chance.choice(alive or [1])
        what = chance.choices(["submit", "answer_by", "exit"], (50, 35, 15))[0]
        steps.append({"submit": [what, f"{number}"], "answer_by": [what, worker],  # a stray one, where it has no job
                      "exit": [what, worker, chance.choice([0, 1, -9])]}[what])  # fmt: skip
        if what == "exit" and worker in alive:
            alive.remove(worker)
            if started < size + max_restarts:
                started += 1
                alive.append(started)
    return steps
