"""What is done with a learner's Supervisor: workers that do as they are told, and processes that are really killed.

All that happens between the supervisor and its workers goes into one log: ["start", worker], ["submit", job],
["refused", job], ["send", worker, job], ["result", worker, job, value], ["exit", worker, code], ["told", worker]
(the callbacks of an exit have returned), ["drain"], ["kill", worker], ["drained"]. The checks judge it.
"""

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["Supervisor"]


class Patience:
    """For what another thread of the learner's may do a little later; what is there already is not waited for."""

    def __init__(self, seconds):
        self.left_s = seconds

    def until(self, condition, every_s=0.0005):
        deadline = time.monotonic() + self.left_s
        while not condition():
            if time.monotonic() > deadline:
                self.left_s = 0.05  # they had their time
                return
            time.sleep(every_s)


patience = Patience(1.0)  # of all plays together


def attempt(work):
    """What it gave, or {"raised": type and text}."""
    try:
        return work()
    except NotImplementedError:
        raise
    except Exception as error:
        return {"raised": f"{type(error).__name__}: {error}".removesuffix(": ")}


def outcome(future):
    """How a job ended: its value, the text of its failure, "pending", or that there was no future."""
    if isinstance(future, dict):
        return future  # it raised
    if not isinstance(future, Future):
        return {"gave": type(future).__name__}
    if not future.done():
        return {"pending": True}
    try:
        error = future.exception()
    except CancelledError as cancelled:  # by the supervisor, as nobody else has it
        error = cancelled
    return {"value": future.result()} if error is None else {"failed": str(error)}


class Worker:
    """A handle without a worker behind it: it notes what is asked of it, and tells what it is told to tell."""

    def __init__(self, number, log):
        self.number = number
        self.log = log
        self.outstanding = []  # the names of its jobs
        self.gone = False
        self.killed = False
        self.callbacks = {"result": [], "exit": []}

    def send(self, job):
        name = job["job"] if isinstance(job, dict) and isinstance(job.get("job"), str) else repr(job)
        self.log.append(["send", self.number, name])
        self.outstanding.append(name)

    def on_result(self, callback):
        self.callbacks["result"].append(callback)

    def on_exit(self, callback):
        self.callbacks["exit"].append(callback)

    def kill(self):
        self.log.append(["kill", self.number])
        self.killed = True

    def answer(self, value):
        """The result of the oldest job; of none, where none is outstanding."""
        job = self.outstanding.pop(0) if self.outstanding else None
        self.log.append(["result", self.number, job, value])
        self.tell("result", value)

    def exit(self, code):
        self.log.append(["exit", self.number, code])
        self.gone = True
        self.tell("exit", code)
        self.log.append(["told", self.number])

    def tell(self, event, value):
        for callback in list(self.callbacks[event]):
            callback(value)


class Stage:
    """A supervisor, its workers, and the log."""

    worker = Worker

    def __init__(self, size, max_attempts, max_restarts):
        self.log = []
        self.workers = []
        self.futures = {}
        self.most_workers = size + max_restarts
        self.supervisor = exercise.Supervisor(self.start_worker, size, max_attempts, max_restarts)

    def start_worker(self):
        worker = self.worker(len(self.workers) + 1, self.log)
        self.workers.append(worker)
        self.log.append(["start", worker.number])
        return worker

    def submit(self, name, job=None):
        self.log.append(["submit", name])
        self.futures[name] = attempt(lambda: self.supervisor.submit(job or {"job": name}))
        if isinstance(self.futures[name], dict):
            self.log.append(["refused", name])

    def drain(self):
        self.log.append(["drain"])
        raised = attempt(self.supervisor.drain)
        self.log.append(["drained"])
        return raised

    def told(self):
        return {"log": list(self.log), "jobs": {name: outcome(future) for name, future in self.futures.items()}}

    def sent(self, name):
        """The workers to which a job was sent, in order."""
        return [self.workers[entry[1] - 1] for entry in self.log if entry[0] == "send" and entry[2] == name]

    def ended(self, name):
        future = self.futures.get(name)
        return not isinstance(future, Future) or future.done()

    def alive(self):
        return [worker for worker in self.workers if not worker.gone]


# ---- one thread plays, step by step


class Play(Stage):
    """The steps that can be played. After each, whoever has threads of his own gets the time to do his part."""

    def __init__(self, size, max_attempts, max_restarts):
        super().__init__(size, max_attempts, max_restarts)
        self.broken = []
        self.unwritten = None
        patience.until(lambda: len(self.workers) >= size)

    def play(self, steps):
        for what, *how in steps:
            self.step(what, *how)
        if self.unwritten:
            raise self.unwritten
        return {**self.told(), "broken": self.broken}

    def step(self, what, *how):
        raised = attempt(lambda: getattr(self, what)(*how))
        if isinstance(raised, dict):
            self.broken.append({"step": what, **raised})

    def submit(self, *names):
        for name in names:
            super().submit(name)
            patience.until(lambda name=name: self.sent(name) or self.ended(name))

    def twice(self, name, other):
        """The same object as two jobs."""
        job = {"job": name}
        for each in (name, other):
            Stage.submit(self, each, job)
        patience.until(lambda: len(self.sent(name)) == 2)

    def answer(self, name, *value):
        """The worker that has this job answers its oldest one."""
        for worker in self.sent(name)[-1:]:
            self.answered(worker, *value)

    def answered(self, worker, *value):
        [name] = worker.outstanding[:1] or [None]
        wanted = self.settled() + (name is not None)
        worker.answer(value[0] if value else f"{name} is done")
        patience.until(lambda: self.settled() >= wanted)

    def settled(self):
        return sum(map(self.ended, self.futures))

    def stray(self, number):
        """A result of a worker that has no job."""
        self.workers[number - 1].answer("nobody asked")

    def crash(self, name, code):
        """The worker that has this job exits."""
        for worker in self.sent(name)[-1:]:
            self.exit(worker.number, code)

    def exit(self, number, code):
        worker = self.workers[number - 1] if number <= len(self.workers) else None
        if worker is None or worker.gone:
            return  # who was not started cannot exit
        before = {name: len(self.sent(name)) for name in worker.outstanding}
        wanted = min(self.most_workers, len(self.workers) + 1)
        worker.exit(code)
        patience.until(
            lambda: (
                (worker.killed or len(self.workers) >= wanted)
                and all(self.ended(name) or len(self.sent(name)) > count for name, count in before.items())
            )
        )

    def finish(self):
        """Let the workers answer all they have, and what is sent to them meanwhile."""
        for _ in range(200):
            busy = [worker for worker in self.alive() if worker.outstanding]
            if not busy:
                break
            self.answered(busy[0])

    def drain(self):
        """Let another thread drain."""

        def work():
            try:
                raised = Stage.drain(self)
                if isinstance(raised, dict):
                    self.broken.append({"step": "drain", **raised})
            except NotImplementedError as error:
                self.unwritten = error

        threading.Thread(target=work, daemon=True).start()

    def refuse(self, name):
        """Submit until it is refused: the draining thread gets the time to begin."""
        tries = itertools.count(1)

        def refused():
            Stage.submit(self, f"{name} {next(tries)}")
            return self.log[-1][0] == "refused"

        patience.until(refused, every_s=0.02)

    def bury(self):
        """When the workers are killed, let them exit, one after the other; then drain has to return."""
        patience.until(lambda: all(worker.killed for worker in self.alive()))
        for worker in self.alive():
            if worker.killed:
                worker.exit(-9)
        patience.until(lambda: ["drained"] in self.log)


def playing(steps, **settings):
    """One thread plays a list of steps, each a list: what to do, and with what."""
    return Scenario(lambda: Play(**settings), [lambda play: play.play(steps)], lambda play: {})


def wandering(seed, steps, **settings):
    """One thread does at random what can happen, then lets all come to its end."""

    def work(play):
        chance = random.Random(seed)
        for number in range(steps):
            what, worker = chance.random(), chance.choice(play.alive() or play.workers)
            if what < 0.5 or worker.gone:
                play.step("submit", str(number))
            elif what < 0.85:
                play.step("answered", worker)  # a stray one, where it has no job
            else:
                play.step("exit", worker.number, chance.choice([0, 1, -9]))
        for last in ("drain", "finish", "bury"):
            play.step(last)
        return {**play.told(), "broken": play.broken}

    return Scenario(lambda: Play(**settings), [work], lambda play: {})


# ---- several threads: explored. As few steps as possible: every one of them makes more orders.

TOLD = "told"


class Handle:
    """A handle of lists: what is sent stands in `sent`, and TOLD behind it when the worker's exit was told."""

    def __init__(self):
        self.sent, self.results, self.exits, self.killed = [], [], [], threading.Event()
        self.send, self.on_result, self.on_exit = self.sent.append, self.results.append, self.exits.append
        self.kill = self.killed.set

    def answer(self):
        for callback in self.results:
            callback("done")

    def exit(self):
        for callback in self.exits:
            callback(1)
        self.sent.append(TOLD)


class Team:
    """A supervisor with such workers, and some jobs that are submitted already."""

    def __init__(self, submitted, size, max_attempts, max_restarts):
        self.workers, self.futures = [], {}
        self.supervisor = exercise.Supervisor(self.start_worker, size, max_attempts, max_restarts)
        for name in submitted:
            self.submit(name)

    def start_worker(self):
        worker = Handle()
        self.workers.append(worker)
        return worker

    def submit(self, name):
        self.futures[name] = attempt(lambda: self.supervisor.submit(name))

    def told(self):
        return {
            "workers": [worker.sent for worker in self.workers],
            "jobs": {name: outcome(future) for name, future in self.futures.items()},
        }


def meanwhile(submitted, submits=(), exits=(), answers=(), **settings):
    """Each job to submit, each worker to exit and each one to answer has a thread of its own."""
    threads = [
        *(lambda team, name=name: team.submit(name) for name in submits),
        *(lambda team, number=number: team.workers[number - 1].exit() for number in exits),
        *(lambda team, number=number: team.workers[number - 1].answer() for number in answers),
    ]
    return Scenario(lambda: Team(submitted, **settings), threads, Team.told)


def draining(submitted, submits=(), **settings):
    """One thread drains; another submits, then is the only worker: it answers, and exits when it is killed."""

    def drain(team):
        team.supervisor.drain()
        return {"exited": TOLD in team.workers[0].sent}

    def work(team):
        [worker] = team.workers
        for name in submits:
            team.submit(name)
        early = False
        if any(isinstance(future, Future) for future in team.futures.values()):
            while not worker.sent:
                time.sleep(0.01)
            early = worker.killed.is_set()
            worker.answer()
        worker.killed.wait()
        worker.sent.append(TOLD)
        for callback in worker.exits:
            callback(-9)
        return {"killed early": early}

    return Scenario(lambda: Team(submitted, **settings), [drain, work], Team.told)


# ---- real processes

PROGRAM = """
import json, os, signal, sys, time
for line in sys.stdin:
    job = json.loads(line)
    if job["attempt"] <= job.get("kills", 0):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    while job["attempt"] <= job.get("holds", 0):
        time.sleep(60)
    print(json.dumps({"job": job["job"], "process": os.getpid()}), flush=True)
"""


class Process(Worker):
    """A handle with a real process behind it, and a thread that listens to it."""

    def __init__(self, number, log):
        super().__init__(number, log)
        command = [sys.executable, "-S", "-E", "-c", PROGRAM]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.listening = threading.Thread(target=self.listen, daemon=True)

    def send(self, job):
        super().send(job)
        attempt = sum(entry[0] == "send" and entry[2] == job["job"] for entry in self.log)
        try:
            self.process.stdin.write(json.dumps({**job, "attempt": attempt}) + "\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it is dead, and its exit will be told

    def on_exit(self, callback):
        super().on_exit(callback)
        if not self.listening.ident:
            self.listening.start()

    def listen(self):
        for line in self.process.stdout:
            self.answer(json.loads(line))
        self.exit(self.process.wait())

    def kill(self):
        super().kill()
        self.process.kill()


class Company(Stage):
    worker = Process


def killing(jobs, **settings):
    """Real processes get these jobs, each when the one before is settled; a job that `holds` has its process killed."""

    def work(company):
        patience = Patience(5.0)
        try:
            for job in jobs:
                name = job["job"]
                company.submit(name, job)
                if "holds" in job:
                    patience.until(lambda name=name: company.sent(name))
                    for worker in company.sent(name):
                        worker.process.kill()  # from outside: the supervisor knows nothing of it
                patience.until(lambda name=name: company.ended(name))
            threading.Thread(target=company.drain, daemon=True).start()
            patience.until(lambda: ["drained"] in company.log)
            alive = [worker.number for worker in company.workers if worker.process.poll() is None]
            return {**company.told(), "alive": alive, "processes": [each.process.pid for each in company.workers]}
        finally:
            for worker in company.workers:
                worker.process.kill()
                worker.process.wait()

    return Scenario(lambda: Company(**settings), [work], lambda company: {})
