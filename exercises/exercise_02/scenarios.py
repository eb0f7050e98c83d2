"""What is done with a learner's run_where_it_belongs: lists of jobs that tell where they ran, and what came of them."""

import asyncio
import itertools
import multiprocessing
import os
import threading
import time
from types import SimpleNamespace

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.starvation import ticks
from mtlearn.grading.stateful.play import refusal

NAMES = ["run_where_it_belongs"]
TURNS = 2_000  # turns of the loop that a job waits for the others before it gives up
ENOUGH = 25  # turns of the loop, of 10 ms at least, in which a call comes back that waits for nothing
PATIENCE_S = 2  # nobody waits longer for a loop to turn, or for a job to say that it ends
TICK_S = 0.01

# ---- "cpu" jobs: the processes of the learner's code import this module. What they do stands in a file, in order.


def tell(log, *words):
    with open(log, "a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def told(log):
    try:
        with open(log) as file:
            return [line.split() for line in file]
    except FileNotFoundError:
        return []


def place():
    return {"process": os.getpid(), "thread": threading.get_native_id()}


def begun(log):
    """How many have told that they begin."""
    return sum(words[0] == "begin" for words in told(log))


def block_until(condition, seconds):
    """Wait until it is so, but no longer than so many seconds; whether it is."""
    for tick_s in ticks(seconds, TICK_S):
        if condition():
            break
        time.sleep(tick_s)
    return condition()


async def await_until(condition, seconds):
    """The same on the loop, which turns meanwhile."""
    for tick_s in ticks(seconds, TICK_S):
        if condition():
            break
        await asyncio.sleep(tick_s)
    return condition()


def compute(log, number):
    """Some work, in which it says when it begins and when it ends."""
    tell(log, "begin", os.getpid(), number)
    total = sum(i * i for i in range(20_000))
    tell(log, "end", number)
    return {**place(), "number": number, "total": total}


def meet(log, others, seconds):
    """Go on when so many have begun, or when they do not come in so many seconds."""
    tell(log, "begin", os.getpid())
    block_until(lambda: begun(log) >= others, seconds)
    met = begun(log)
    tell(log, "end")
    return {**place(), "met": met}


def wait_for(log, numbers, seconds):
    """Go on when those jobs have ended. Where one has waited in vain, the next does not wait."""
    tell(log, "begin", os.getpid())
    wanted = {str(number) for number in numbers}
    block_until(lambda: wanted <= ended(log) or ["vain"] in told(log), seconds)
    met = wanted <= ended(log)
    if not met:
        tell(log, "vain")
    tell(log, "end")
    return {**place(), "waited": "well" if met else "in vain"}


def ended(log):
    """The numbers of the jobs that have ended."""
    return {number for word, *numbers in told(log) if word == "end" for number in numbers}


def linger(log):
    """Work on until the call is over, or has had turns enough of its loop to be over."""
    tell(log, "begin", os.getpid())
    block_until(lambda: {"over", "enough"} & {words[0] for words in told(log)}, PATIENCE_S)
    tell(log, "end")


def multiply(a, b):
    return a * b


def fail(text):
    raise LookupError(text)


# ---- "io" jobs: functions of the loop


class Meeting:
    """How many "io" jobs have begun, and how many have ended."""

    def __init__(self):
        self.begun = self.ended = 0


meeting = Meeting()


async def answer(number, others):
    """Go on when so many have begun, or after many turns of the loop."""
    meeting.begun += 1
    for _ in range(TURNS):
        if meeting.begun >= others:
            break
        await asyncio.sleep(0)
    return {**place(), "loop": id(asyncio.get_running_loop()), "number": number, "met": meeting.begun}


async def join(log, others, seconds):
    """The same as `meet`, on the loop."""
    tell(log, "begin", os.getpid())
    await await_until(lambda: begun(log) >= others, seconds)
    met = begun(log)
    tell(log, "end")
    return {**place(), "met": met}


async def answer_later(number, turns):
    """The answers come in another order than the questions."""
    for _ in range(turns):
        await asyncio.sleep(0)
    return number


async def fail_after(text, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    raise ConnectionError(text)


async def be_cancelled():
    raise asyncio.CancelledError


async def wait_on():
    """Something that is still under way when another job has failed, for a moment."""
    meeting.begun += 1
    try:
        for _ in range(ENOUGH):
            await asyncio.sleep(0.01)
    finally:
        meeting.ended += 1


async def fail_when_begun(text, log):
    """Fail as soon as a "cpu" job is under way, or when none comes in a second."""
    await await_until(lambda: begun(log), 1)
    meeting.waiting = asyncio.ensure_future(say_enough(log))
    raise ConnectionError(text)


async def say_enough(log):
    """Tell a job that lingers that the loop has turned often enough since the error, however long that took."""
    for _ in range(ENOUGH):
        await asyncio.sleep(0.01)
    tell(log, "enough")


# ---- scenarios


def calling(jobs, max_workers):
    """One call with [kind, function, arguments] for each job; "LOG" in the arguments is the file to tell it to."""

    def work(log):
        return asyncio.run(call(log))

    async def call(log):
        global meeting
        meeting = Meeting()
        before = set(multiprocessing.active_children())
        here = {**place(), "loop": id(asyncio.get_running_loop())}
        try:
            outcome = {"gave": await exercise.run_where_it_belongs([job(each, log) for each in jobs], max_workers)}
        except (Exception, asyncio.CancelledError) as error:
            outcome = refusal(error)
        # at once: whoever has waited for the end of all has none
        left = {"io_left": meeting.begun - meeting.ended, "workers_left": workers_left(before)}
        tell(log, "over")
        left["cpu_left"] = cpu_left(log)
        return {**outcome, "here": here, "log": told(log), **left}

    return Scenario(new_log, [work], lambda log: {})


def cpu_left(log):
    """Whether a "cpu" job was still under way when the call was over: then it says now that it ends (or was killed)."""
    block_until(lambda: begun(log) == sum(words[0] == "end" for words in told(log)), PATIENCE_S)
    words = [words[0] for words in told(log)]
    return "end" in words[words.index("over") :]


def workers_left(before):
    """How many worker processes live on."""
    return len(set(multiprocessing.active_children()) - before)


def job(told, log):
    kind, function, arguments = told
    arguments = tuple(log if argument == "LOG" else argument for argument in arguments)
    return SimpleNamespace(kind=kind, function=globals()[function], arguments=arguments)


numbers = itertools.count()


def new_log():
    """A file beside the module `exercise`: that folder goes when the grading is over."""
    return os.path.join(os.path.dirname(exercise.__spec__.origin), f"log-{os.getpid()}-{next(numbers)}")
