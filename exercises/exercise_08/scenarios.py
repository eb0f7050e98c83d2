"""What is done with a learner's WorkerPool: tasks that wait at a gate, a list of steps played on them, and races."""

import asyncio
import threading
import time
from concurrent.futures import Future
from contextvars import ContextVar, copy_context

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.stateful.play import Patience, Play, alone, attempt, outcome, refusal

NAMES = ["WorkerPool"]

patience = Patience(1, 0.2)  # some of these wait for what may never come


# ---- a script, for real


class Task:
    """A task that says when it begins and when it ends, and in between waits to be told how to end."""

    def __init__(self, name, diary):
        self.name, self.diary = name, diary
        self.gate, self.how = threading.Event(), "return"

    def note(self, what):
        if what == "start" and ["start", self.name] in [entry[:2] for entry in self.diary]:
            self.how = "return"  # it may be tried for ever
        self.diary.append([what, self.name, threading.get_ident()])

    def plain(self, name):
        self.note("start")
        self.gate.wait()
        return self.end(name)

    async def later(self, name):
        self.note("start")
        while not self.gate.is_set():
            await asyncio.sleep(0.002)
        return self.end(name)

    def end(self, name):
        self.note("end")
        if self.how == "raise":
            raise LookupError(f"{name} failed")
        if self.how == "exit":
            raise SystemExit(3)
        return name


class PoolPlay(Play):
    """The steps that can be played on a pool: see the model."""

    patience = patience

    def __init__(self, size, kind):
        super().__init__()
        self.threads_before = set(threading.enumerate())
        self.kind = kind
        self.pool = exercise.WorkerPool(size)
        self.tasks, self.cancels, self.counts = {}, {}, []
        self.closing = None

    def told(self):
        for task in self.tasks.values():
            task.gate.set()
        if not self.closing:
            self.close()
        patience.until(lambda: not self.closing.is_alive())
        patience.until(lambda: not self.own_threads())
        return {
            "cancels": self.cancels,
            "counts": self.counts,
            "close_failed": self.closing.raised and refusal(self.closing.raised),
            "left": len(self.own_threads()),
            "caller": threading.get_ident(),
        }

    def submit(self, *names):
        for name in names:
            task = self.tasks[name] = Task(name, self.log)
            function = {"plain": task.plain, "async": task.later}[self.kind]
            self.make(name, lambda name=name, function=function: self.pool.submit(function, name))

    def started(self, *names):
        self.need(lambda: set(names) - {name for what, name, _ in list(self.log) if what == "start"})

    def let(self, how, *names):
        for name in names:
            self.tasks[name].how = how
            self.tasks[name].gate.set()

    def settled(self, *names):
        self.need(lambda: [name for name in names if not self.ended(name)])

    def cancel(self, *names):
        for name in names:
            self.cancels[name] = self.futures[name].cancel()

    def linger(self):
        """Wait a little, so that a task which begins too early is seen to."""
        count = len(self.log)
        Patience(0.1).until(lambda: len(self.log) > count)

    def count(self, at_most):
        """Count the pool's threads; one that is about to end gets a moment for it."""
        patience.until(lambda: len(self.own_threads()) <= at_most)
        self.counts.append(len(self.own_threads()))

    def close(self):
        closed = ["closed", "", threading.get_ident()]
        self.closing = self.call_beside(self.pool.close, lambda: self.log.append(closed))

    def close_ended(self):
        self.need(lambda: ["close"] if self.closing.is_alive() else [])

    def own_threads(self):
        return set(threading.enumerate()) - self.threads_before - {self.closing}


def playing(size, kind, steps):
    """One thread plays a script on tasks of one kind: plain, or async."""
    return alone(lambda state: PoolPlay(size, kind).play(steps))


# ---- single questions, for real


def add(a, b):
    return a + b


async def add_later(a, b):
    await asyncio.sleep(0)
    return a + b


def nothing():
    return None


def error_as_value():
    return ValueError("a result")


class OutOfStock(Exception):
    pass


def refuse(item):
    raise OutOfStock(f"no {item} left")


async def refuse_later(item):
    await asyncio.sleep(0)
    refuse(item)


def leave(code):
    raise SystemExit(code)


class Stop(BaseException):
    pass


def stop(why):
    raise Stop(why)


async def leave_later(code):
    await asyncio.sleep(0)
    raise SystemExit(code)


def calling(kind, jobs):
    """One task after the other in a pool of one, and what came of each, up to one that is never settled."""

    def work(state):
        pool, ended = exercise.WorkerPool(1), []
        for job, *arguments in jobs:
            future = pool.submit(globals()[job], *arguments)
            patience.until(lambda future=future: "pending" not in outcome(future))
            ended.append(outcome(future))
            if "pending" in ended[-1]:
                break
        threading.Thread(target=pool.close, daemon=True).start()
        return ended

    return alone(work)


def meeting():
    """Two async tasks in a pool of two, each of which waits for the other: where each of them runs."""

    def work(state):
        here = []

        async def meet():
            loop, thread = asyncio.get_running_loop(), threading.get_ident()
            here.append(loop)
            for _ in range(250):
                if len(here) == 2:
                    break
                await asyncio.sleep(0.004)
            return {"met": len(here), "loop": id(loop), "threads": [thread, threading.get_ident()]}

        pool = exercise.WorkerPool(2)
        futures = [pool.submit(meet) for _ in range(2)]
        patience.until(lambda: not any("pending" in outcome(future) for future in futures))
        ended = [outcome(future) for future in futures]
        threading.Thread(target=pool.close, daemon=True).start()
        return {"tasks": ended, "caller": threading.get_ident()}

    return alone(work)


request = ContextVar("request", default="nobody")
left_by = ContextVar("left_by", default="nobody")


def asking():
    """Tasks of three requests wait in a pool of one, then run: which request each of them, and its callback, sees."""

    def work(state):
        gate, seen, called = threading.Event(), {}, {}

        def look(name):
            seen[name] = [request.get(), left_by.get()]
            left_by.set(name)

        async def look_later(name):
            await asyncio.sleep(0)
            look(name)

        def fail(name):
            look(name)
            raise LookupError(name)

        def ask():
            pool = exercise.WorkerPool(1)
            futures = [pool.submit(gate.wait)]
            for name, function in (("first", look), ("second", look_later), ("third", fail)):
                request.set(name)
                future = pool.submit(function, name)
                futures.append(future)
                if isinstance(future, Future):
                    future.add_done_callback(lambda future, name=name: called.setdefault(name, request.get()))
            request.set("last")
            gate.set()
            patience.until(lambda: not any("pending" in outcome(future) for future in futures) and len(called) == 3)
            threading.Thread(target=pool.close, daemon=True).start()

        copy_context().run(ask)
        return {"seen": seen, "called": called}

    return alone(work)


# ---- races: explored


class Race:
    """A pool, and what was seen of it."""

    def __init__(self, size):
        self.log, self.futures = [], {}
        self.pool = exercise.WorkerPool(size)

    def task(self, name):
        self.log.append(["start", name])
        time.sleep(1)  # on the explorer's clock: others may come first
        self.log.append(["end", name])
        return name

    async def later(self, name):
        self.log.append(["start", name])
        await asyncio.sleep(1)
        self.log.append(["end", name])
        return name

    def submit(self, name, kind="plain"):
        came = attempt(self.pool.submit, {"plain": self.task, "async": self.later}[kind], name)
        if "gave" in came:  # else it was refused, as the pool was closed
            self.futures[name] = came["gave"]

    def close(self):
        self.pool.close()
        self.log.append(["closed", ""])

    def told(self):
        return {"log": self.log, "outcomes": {name: outcome(future) for name, future in self.futures.items()}}


def cancelling(kind="plain"):
    """A task is cancelled while it may be about to start; then the pool is closed."""

    def setup():
        race = Race(1)
        race.submit("a", kind)
        return race

    def work(race):
        cancelled = race.futures["a"].cancel()
        race.close()
        return cancelled

    return Scenario(setup, [work], Race.told)


def submitting():
    """Two threads submit a task at the same time; one of them closes the pool a while later."""

    def first(race):
        race.submit("a")

    def second(race):
        race.submit("b")
        time.sleep(10)
        race.close()

    return Scenario(lambda: Race(1), [first, second], Race.told)


def waking():
    """One task in a pool of two, and its result is waited for."""

    def work(race):
        race.submit("a")
        race.futures["a"].result()
        race.close()

    return Scenario(lambda: Race(2), [work], Race.told)


def stealing():
    """Two short tasks in a pool of two, of which one worker may do both; then two that must run at the same time."""

    def work(race):
        for future in [race.pool.submit(int) for _ in range(2)]:
            future.result()
        together = threading.Barrier(2)
        for future in [race.pool.submit(together.wait) for _ in range(2)]:
            future.result()
        race.close()

    return Scenario(lambda: Race(2), [work], Race.told)


def closing(size, tasks):
    """The pool is closed as soon as the tasks are submitted."""

    def work(race):
        for name in "ab"[:tasks]:
            race.submit(name)
        race.close()

    return Scenario(lambda: Race(size), [work], Race.told)
