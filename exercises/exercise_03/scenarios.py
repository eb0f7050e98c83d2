"""What is done with a learner's run_job: jobs to run in a worker, and what a call leaves behind."""

import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["run_job"]
PATIENCE = 2  # these scenarios start processes

# ---- jobs: the worker imports this module and calls one of these


def add(a, b):
    return a + b


def nothing():
    return None


def letters(count):
    return "x" * count


def an_error_as_value():
    return ValueError("this is a result")


def process_id():
    return os.getpid()


class OutOfStock(Exception):
    pass


def refuse(item):
    raise OutOfStock(f"no {item} left")


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


def meet(folder):
    """Say that the job runs, and wait for somebody else's sign."""
    open(os.path.join(folder, "here"), "w").close()
    while not os.path.exists(os.path.join(folder, "go on")):
        time.sleep(0.005)
    return os.getpid()


# ---- scenarios


def calling(job, arguments, timeout_s):
    """One call of run_job, what came of it, and what it left behind."""

    def work(state):
        before = set(workers()), set(threading.enumerate())
        return {**call(job, arguments, timeout_s), **left(*before)}

    return Scenario(lambda: None, [work], lambda state: {})


class Meeting:
    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.over = threading.Event()


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

    def memory(place):
        shutil.rmtree(place.folder)
        return {}

    return Scenario(Meeting, [caller, other], memory)


def counting_handles(calls):
    """How many more files are open after several calls than before; the first one is not counted."""

    def work(state):
        call(*calls[0])
        before = handles()
        for each in calls:
            call(*each)
        return {"calls": len(calls), "more": handles() - before}

    return Scenario(lambda: None, [work], lambda state: {})


def call(job, arguments, timeout_s):
    try:
        returned = exercise.run_job(globals()[job], tuple(arguments), timeout_s)
    except NotImplementedError:
        raise
    except Exception as error:
        kind, timeout = type(error), isinstance(error, TimeoutError)
        name = f"{kind.__module__}.TimeoutError" if kind.__name__ == "TimeoutError" and not timeout else kind.__name__
        return {"raised": name, "message": str(error), "timeout": timeout}
    if isinstance(returned, str) and len(returned) > 1_000:
        return {"returned": f"{len(returned)} letters"}
    return {"returned": repr(returned)[:200], "value": returned if isinstance(returned, int) else None}


def left(processes_before, threads_before):
    """The processes and threads that are there since the call: what is ending gets half a second for it."""
    for _ in range(20):
        processes = [status for pid, status in workers().items() if pid not in processes_before]
        threads = [thread.name for thread in threading.enumerate() if thread not in threads_before]
        if not processes and not threads:
            break
        time.sleep(0.025)
    return {"processes": processes, "threads": threads}


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


def handles():
    import psutil

    gc.collect()
    return psutil.Process().num_handles() if sys.platform == "win32" else psutil.Process().num_fds()
