"""What is done with a learner's run_job: jobs to run in a worker, and what a call leaves behind."""

import atexit
import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from multiprocessing import resource_tracker

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.starvation import ticks
from mtlearn.grading.stateful.play import alone, refusal

NAMES = ["run_job"]

# What asks a process to end. Only SIGKILL does not ask.
ASKING = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
TICK_S = 0.05  # what observes a call counts in ticks; one that a busy machine gave to others does not count
TOO_LATE_S = 1.5  # a second, and some time for whoever is there after it

# ---- jobs: the worker imports this module and calls one of these


def add(a, b):
    return a + b


def nothing():
    return None


def letters(count):
    return "x" * count


def an_error_as_value():
    return ValueError("this is a result")


def who():
    return os.getpid()


class OutOfStock(Exception):
    def __str__(self):
        return f"no {' and no '.join(self.args)} left"


def refuse(*items):
    raise OutOfStock(*items)


def divide(a, b):
    return a / b


def look_up(key):
    return {"a": 1}[key]


def leave(code):
    os._exit(code)


def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_for_ever():
    while True:
        time.sleep(60)


def be_deaf():
    """Whoever is asked to end may not listen."""
    for number in ASKING:
        with contextlib.suppress(ValueError):  # off the main thread
            signal.signal(number, signal.SIG_IGN)
    sleep_for_ever()


def meet(folder):
    """Say that the job runs, and wait for somebody else's sign."""
    open(os.path.join(folder, "here"), "w").close()
    while not os.path.exists(os.path.join(folder, "go on")):
        time.sleep(0.005)
    return os.getpid()


# ---- scenarios


def calling(job, data, timeout_s):
    """One call of run_job, what came of it, and what it left behind."""
    return alone(lambda state: called(job, data, timeout_s))


def called(job, data, timeout_s):
    before, held = (set(workers()), set(threading.enumerate())), holds()
    outcome = call(job, data, timeout_s)
    outcome["left"] = left(*before)
    return {**outcome, "more": {what: count - held[what] for what, count in holds().items()}}


def calling_the_deaf(timeout_s):
    """One call, on a worker that ignores what asks it to end; whether it was there too long after the limit.

    It is ended then, so that the call ends, too.
    """

    def caller(place):
        # A new process ignores what the thread that starts it has blocked: from its first moment it is deaf.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ASKING) if hasattr(signal, "pthread_sigmask") else None
        try:
            return called("be_deaf", [], timeout_s)
        finally:
            if before is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            place.over.set()

    def observer(place):
        for tick_s in ticks(timeout_s + TOO_LATE_S, TICK_S):
            if place.over.wait(tick_s):
                return False
        late = {pid for pid, status in workers().items() if status != "zombie"} - place.before
        for pid in late:
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        return bool(late)

    return Scenario(Place, [caller, observer], Place.memory)


class Place:
    """Where the two threads of a scenario meet, and which processes there were before."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.over = threading.Event()
        resource_tracker.ensure_running()  # starting it would undo what a thread has blocked
        self.before = set(workers())

    def memory(self):
        shutil.rmtree(self.folder)
        return {}


def meeting():
    """A job that goes on only when another thread of the caller has seen it run."""

    def caller(place):
        try:
            return call("meet", [place.folder], 60)
        finally:
            place.over.set()

    def other(place):
        while not os.path.exists(os.path.join(place.folder, "here")) and not place.over.is_set():
            time.sleep(0.005)
        open(os.path.join(place.folder, "go on"), "w").close()
        return os.getpid()

    return Scenario(Place, [caller, other], Place.memory)


def call(job, data, timeout_s):
    try:
        gave = exercise.run_job(globals()[job], tuple(data), timeout_s)
    except Exception as error:
        seen, kind = refusal(error), type(error)
        other = kind.__name__ == "TimeoutError" and kind is not TimeoutError
        return {**seen, "raised": f"{kind.__module__}.TimeoutError"} if other else seen
    if isinstance(gave, str) and len(gave) > 1_000:
        return {"gave": f"{len(gave)} letters"}
    return {"gave": repr(gave)[:200], "value": gave if isinstance(gave, int) else None}


looks = 20


def left(processes_before, threads_before):
    """The processes and threads that are there since the call: what is ending gets half a second for it."""
    global looks
    for look in range(looks + 1):
        processes = [status for pid, status in workers().items() if pid not in processes_before]
        threads = [thread.name for thread in threading.enumerate() if thread not in threads_before]
        if not processes and not threads:
            break
        time.sleep(0.025)
        if look == looks:
            looks = 4  # something stays: the verdict is known
    zombies = [status for status in processes if status == "zombie"]
    return {"zombies": zombies, "workers": processes, "threads": threads}


def workers():
    """Every process below this one, by id, with its state; but for the two that multiprocessing keeps for itself."""
    import psutil

    found = {}
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() == psutil.STATUS_ZOMBIE:
                found[process.pid] = "zombie"
            elif process.ppid() != os.getpid() or not any(name in " ".join(process.cmdline()) for name in OWN):
                found[process.pid] = process.status()
    return found


OWN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def holds():
    """What this process holds, by kind: each call may leave some, and must not."""
    import psutil

    gc.collect()
    files = psutil.Process().num_handles() if sys.platform == "win32" else psutil.Process().num_fds()
    return {"files": files, "exit functions": atexit._ncallbacks()}
