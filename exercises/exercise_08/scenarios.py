"""What is done with a learner's WorkerPool: tasks that wait at a gate, a list of steps played on them, and races."""

import asyncio
import threading
import time
from concurrent.futures import CancelledError, Future
from contextvars import ContextVar, copy_context

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["WorkerPool"]
PATIENCE = 2  # some of these wait for what may never come
POLLS = [250]  # how often to look for that, 4 ms apart; fewer when it has not come before


def until(condition):
    """Wait until it is so; whether it is."""
    for _ in range(POLLS[0]):
        if condition():
            return True
        time.sleep(0.004)
    POLLS[0] = max(POLLS[0] // 2, 50)  # the verdict is known by now: what else hangs is not waited for as long
    return condition()


def outcome(future):
    """How a task ended: its value, its error, that it was cancelled or is pending, or that it gave no future."""
    if not isinstance(future, Future):
        return {"gave": type(future).__name__}
    if not future.done():
        return {"pending": True}
    try:
        error = future.exception()
    except CancelledError:
        return {"cancelled": True}
    return {"value": future.result()} if error is None else {"failed": type(error).__name__, "text": str(error)}


def told(error):
    return f"{type(error).__name__}: {error}".removesuffix(": ")


# ---- a list of steps, for real


class Task:
    """A task that says when it begins and when it ends, and in between waits to be told how to end."""

    def __init__(self, name, diary):
        self.name, self.diary = name, diary
        self.gate, self.how = threading.Event(), "return"

    def note(self, what):
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


class Play:
    """A pool, and a list of steps to play on it: what to do, and with what. It gives up where something never comes."""

    def __init__(self, size, kind, steps):
        self.threads_before = set(threading.enumerate())
        self.kind, self.steps = kind, steps
        self.pool = exercise.WorkerPool(size)
        self.diary, self.tasks, self.futures, self.cancels, self.refused, self.counts = [], {}, {}, {}, [], []
        self.closing = self.close_failed = None

    def play(self):
        stuck = None
        for number, (what, *how) in enumerate(self.steps):
            if getattr(self, what)(*how) is False:
                stuck = {"step": number, "missing": self.missing(what, *how)}
                break
        for task in self.tasks.values():
            task.gate.set()
        if not self.closing:
            self.close()
        until(lambda: not self.closing.is_alive())
        if isinstance(self.close_failed, NotImplementedError):
            raise self.close_failed
        until(lambda: not self.own_threads())
        return {
            "log": self.diary,
            "outcomes": {name: outcome(future) for name, future in self.futures.items()},
            "cancels": self.cancels,
            "refused": self.refused,
            "counts": self.counts,
            "stuck": stuck,
            "close_failed": self.close_failed and told(self.close_failed),
            "left": len(self.own_threads()),
            "caller": threading.get_ident(),
        }

    def submit(self, *names):
        for name in names:
            task = self.tasks[name] = Task(name, self.diary)
            try:
                self.futures[name] = self.pool.submit({"plain": task.plain, "async": task.later}[self.kind], name)
            except NotImplementedError:
                raise
            except Exception as error:
                self.refused.append([name, told(error)])

    def started(self, *names):
        return until(lambda: not self.missing("started", *names))

    def let(self, how, *names):
        for name in names:
            self.tasks[name].how = how
            self.tasks[name].gate.set()

    def settled(self, *names):
        return until(lambda: not self.missing("settled", *names))

    def cancel(self, *names):
        for name in names:
            cancelled = self.futures[name].cancel() if isinstance(self.futures.get(name), Future) else None
            self.cancels[name] = cancelled

    def linger(self):
        """Wait a little, so that a task which begins too early is seen to."""
        count = len(self.diary)
        for _ in range(25):
            time.sleep(0.004)
            if len(self.diary) > count:
                break

    def count(self, at_most):
        """Count the pool's threads; one that is about to end gets a moment for it."""
        until(lambda: len(self.own_threads()) <= at_most)
        self.counts.append(len(self.own_threads()))

    def close(self):
        def work():
            try:
                self.pool.close()
            except BaseException as error:
                self.close_failed = error
            self.diary.append(["closed", "", threading.get_ident()])

        self.closing = threading.Thread(target=work, daemon=True)
        self.closing.start()

    def close_ended(self):
        return until(lambda: not self.closing.is_alive())

    def missing(self, what, *names):
        if what == "started":
            begun = {name for what, name, _ in list(self.diary) if what == "start"}
            return [name for name in names if name not in begun]
        if what == "settled":
            return [name for name in names if "pending" in outcome(self.futures.get(name))]
        return []

    def own_threads(self):
        return set(threading.enumerate()) - self.threads_before - {self.closing}


def playing(size, kind, steps):
    """One thread plays the steps on tasks of one kind: plain, or async."""
    return Scenario(lambda: None, [lambda state: Play(size, kind, steps).play()], lambda state: {})


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


async def leave_later(code):
    await asyncio.sleep(0)
    raise SystemExit(code)


def calling(kind, jobs):
    """One task after the other in a pool of one, and what came of each, up to one that is never settled."""

    def work(state):
        pool, ended = exercise.WorkerPool(1), []
        for job, *arguments in jobs:
            future = pool.submit(globals()[job], *arguments)
            until(lambda future=future: not isinstance(future, Future) or future.done())
            ended.append(outcome(future))
            if "value" in ended[-1]:
                ended[-1]["value"] = ended[-1]["shown"] = repr(ended[-1]["value"])
            if "pending" in ended[-1]:
                break
        threading.Thread(target=pool.close, daemon=True).start()
        return ended

    return Scenario(lambda: None, [work], lambda state: {})


def meeting():
    """Two async tasks in a pool of two, each of which waits for the other: where each of them runs."""

    def work(state):
        here = []

        async def meet():
            loop, thread = asyncio.get_running_loop(), threading.get_ident()
            here.append(loop)
            for _ in range(POLLS[0]):
                if len(here) == 2:
                    break
                await asyncio.sleep(0.004)
            return {"met": len(here), "loop": id(loop), "threads": [thread, threading.get_ident()]}

        pool = exercise.WorkerPool(2)
        futures = [pool.submit(meet) for _ in range(2)]
        until(lambda: all(isinstance(future, Future) and future.done() for future in futures))
        ended = [outcome(future) for future in futures]
        for each in ended:
            if not isinstance(each.get("value"), dict | None):
                each["value"] = type(each["value"]).__name__
        threading.Thread(target=pool.close, daemon=True).start()
        return {"tasks": ended, "caller": threading.get_ident()}

    return Scenario(lambda: None, [work], lambda state: {})


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
            until(lambda: all(isinstance(future, Future) and future.done() for future in futures) and len(called) == 3)
            threading.Thread(target=pool.close, daemon=True).start()

        copy_context().run(ask)
        return {"seen": seen, "called": called}

    return Scenario(lambda: None, [work], lambda state: {})


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

    def submit(self, name):
        try:
            self.futures[name] = self.pool.submit(self.task, name)
        except NotImplementedError:
            raise
        except Exception:
            pass  # refused, as the pool was closed

    def close(self):
        self.pool.close()
        self.log.append(["closed", ""])

    def told(self):
        return {"log": self.log, "outcomes": {name: outcome(future) for name, future in self.futures.items()}}


def cancelling():
    """A task is cancelled while it may be about to start; then the pool is closed."""

    def setup():
        race = Race(1)
        race.submit("a")
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


def closing(size, tasks):
    """The pool is closed as soon as the tasks are submitted."""

    def work(race):
        for name in "ab"[:tasks]:
            race.submit(name)
        race.close()

    return Scenario(lambda: Race(size), [work], Race.told)
