"""What is done with a learner's Supervisor: workers that do as they are told, and processes that are really killed.

All that happens between the supervisor and its workers goes into one log: ["start", worker], ["submit", job],
["refused", job], ["send", worker, job], ["result", worker, job, value], ["exit", worker, code], ["told", worker]
(the callbacks of an exit have returned), ["drain"], ["kill", worker], ["drained"]. The checks judge it.
"""

import itertools
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.stateful.play import Patience, Play, alone, attempt, outcome, refusal

NAMES = ["Supervisor"]


class AnError(Exception):
    """One that is a result; it is written as what stands for it in a script."""

    def __repr__(self):
        return "an error"


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
        self.tell("result", AnError("this is a result") if value == "an error" else value)

    def exit(self, code):
        self.log.append(["exit", self.number, code])
        self.gone = True
        self.tell("exit", code)
        self.log.append(["told", self.number])

    def tell(self, event, value):
        for callback in list(self.callbacks[event]):
            callback(value)


class Stage(Play):
    """A supervisor and its workers: what they do stands in the log."""

    worker = Worker

    def __init__(self, size=2, max_attempts=3, max_restarts=3):
        super().__init__()
        self.workers = []
        self.most_workers = size + max_restarts
        self.supervisor = exercise.Supervisor(self.start_worker, size, max_attempts, max_restarts)
        self.patience.until(lambda: len(self.workers) >= size)

    def start_worker(self):
        worker = self.worker(len(self.workers) + 1, self.log)
        self.workers.append(worker)
        self.log.append(["start", worker.number])
        return worker

    def submit_one(self, name, job=None):
        self.log.append(["submit", name])
        self.make(name, lambda: self.supervisor.submit(job or {"job": name}))
        if "raised" in outcome(self.futures[name]):
            self.log.append(["refused", name])

    def drain(self):
        """Let another thread drain."""
        self.log.append(["drain"])
        self.draining = self.call_beside(self.supervisor.drain, lambda: self.log.append(["drained"]))

    def sent(self, name):
        """The workers to which a job was sent, in order."""
        return [self.workers[entry[1] - 1] for entry in self.log if entry[0] == "send" and entry[2] == name]

    def alive(self):
        return [worker for worker in self.workers if not worker.gone]


# ---- one thread plays, step by step


class SupervisorPlay(Stage):
    """The steps that can be played. After each, whoever has threads of his own gets the time to do his part."""

    def submit(self, *names):
        for name in names:
            self.submit_one(name)
            self.patience.until(lambda name=name: self.sent(name) or self.ended(name))

    def twice(self, name, other):
        """The same object as two jobs."""
        job = {"job": name}
        for each in (name, other):
            self.submit_one(each, job)
        self.patience.until(lambda: len(self.sent(name)) == 2)

    def answer(self, name, *value):
        """The worker that has this job answers its oldest one."""
        for worker in self.sent(name)[-1:]:
            self.answer_by(worker.number, *value)

    def answer_by(self, number, *value):
        """This worker answers its oldest job; it is a stray result where it has none."""
        for worker in self.alive():
            if worker.number != number:
                continue
            name = worker.outstanding[0] if worker.outstanding else None
            wanted = self.settled() + (name is not None)
            worker.answer(value[0] if value else f"{name} is done")
            self.patience.until(lambda: self.settled() >= wanted)

    def settled(self):
        return sum(map(self.ended, self.futures))

    def crash(self, name, code):
        """The worker that has this job exits."""
        for worker in self.sent(name)[-1:]:
            self.exit(worker.number, code)

    def exit(self, number, code):
        for worker in self.alive():
            if worker.number != number:
                continue
            before = {name: len(self.sent(name)) for name in worker.outstanding}
            wanted = min(self.most_workers, len(self.workers) + 1)
            worker.exit(code)
            self.patience.until(
                lambda worker=worker, wanted=wanted, before=before: (
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
            self.answer_by(busy[0].number)

    def linger(self):
        """Whoever kills too early gets the time to do so."""
        Patience(0.04).until(lambda: any(worker.killed for worker in self.alive()))

    def refuse(self, name):
        """Submit until it is refused: the draining thread gets the time to begin."""
        tries = itertools.count(1)

        def refused():
            self.submit_one(f"{name} {next(tries)}")
            return self.log[-1][0] == "refused"

        Patience(0.1).until(refused)

    def bury(self):
        """When the workers are killed, let them exit, one after the other; then drain has to return."""
        self.patience.until(lambda: all(worker.killed for worker in self.alive()))
        for worker in self.alive():
            if worker.killed:
                worker.exit(-9)
        self.patience.until(lambda: ["drained"] in self.log)

    def told(self):
        raised = [call.raised for call in self.calls if call.raised]
        return {"drain_raised": [refusal(error) for error in raised]}


def playing(steps, **settings):
    """One thread plays a script."""
    return alone(lambda play: play.play(steps), lambda: SupervisorPlay(**settings))


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

    def __init__(self, submitted, size=2, max_attempts=3, max_restarts=3, worker=Handle):
        self.worker, self.workers, self.futures = worker, [], {}
        self.supervisor = exercise.Supervisor(self.start_worker, size, max_attempts, max_restarts)
        for name in submitted:
            self.submit(name)

    def start_worker(self):
        worker = self.worker()
        self.workers.append(worker)
        return worker

    def submit(self, name):
        came = attempt(self.supervisor.submit, name)
        self.futures[name] = came.get("gave", came)

    def told(self):
        return {
            "workers": [worker.sent for worker in self.workers],
            "jobs": {name: outcome(future) for name, future in self.futures.items()},
        }


def meanwhile(submitted, submits=(), exits=(), answers=(), **settings):
    """Each job to submit, each worker to exit and each one to answer has its own thread."""
    threads = [
        *(lambda team, name=name: team.submit(name) for name in submits),
        *(lambda team, number=number: team.workers[number - 1].exit() for number in exits),
        *(lambda team, number=number: team.workers[number - 1].answer() for number in answers),
    ]
    return Scenario(lambda: Team(submitted, **settings), threads, Team.told)


def draining(submitted, submits=()):
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

    return Scenario(lambda: Team(submitted, size=1), [drain, work], Team.told)


class Mortal(Handle):
    """A handle whose worker exits when it is killed, on its own thread, unless it has crashed before."""

    def __init__(self):
        super().__init__()
        self.kill, self.alive, self.exited = self.end, threading.Semaphore(), False

    def end(self):
        threading.Thread(target=self.exit).start()

    def exit(self):
        if self.alive.acquire(blocking=False):
            self.exited = True
            super().exit()


def ending(submitted, meanwhile):
    """One thread drains; meanwhile the only worker answers ("answer"), or crashes ("exit")."""

    def drain(team):
        team.supervisor.drain()
        unsettled = [name for name, future in team.futures.items() if not future.done()]
        return {"unsettled": unsettled, "living": [worker.sent for worker in team.workers if not worker.exited]}

    def work(team):
        getattr(team.workers[0], meanwhile)()

    return Scenario(lambda: Team(submitted, size=1, worker=Mortal), [drain, work], Team.told)


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
    patience = Patience(5, 0.1)

    def told(self):
        """End what is left, and tell what that was."""
        alive = [worker.number for worker in self.workers if worker.process.poll() is None]
        for worker in self.workers:
            worker.process.kill()
            worker.process.wait()
        return {"alive": alive, "processes": [worker.process.pid for worker in self.workers]}

    def work(self, jobs):
        """Submit each job when the one before is settled; one that `holds` has its process killed, from outside."""
        for job in jobs:
            name = job["job"]
            self.submit_one(name, job)
            if "holds" in job:
                self.patience.until(lambda name=name: self.sent(name))
                for worker in self.sent(name):
                    worker.process.kill()
            self.patience.until(lambda name=name: self.ended(name))
        self.drain()
        self.patience.until(lambda: ["drained"] in self.log)


def killing(jobs, **settings):
    """Real processes get these jobs."""
    return alone(lambda company: company.play([["work", jobs]]), lambda: Company(**settings))
