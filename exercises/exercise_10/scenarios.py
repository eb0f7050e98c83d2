"""What is done with a learner's LoopMonitor and log_event: a clock that is set by hand, sinks, programs that end."""

import asyncio
import contextvars
import copy
import json
import linecache
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["LoopMonitor", "log_event", "current_request", "SECRET_KEYS"]


def one_thread(work):
    """A scenario of one thread."""
    return Scenario(lambda: None, [lambda _: work()], lambda _: {})


# ---- the monitor


class Clock:
    """Shows the time that it is set to, and counts how often somebody looks."""

    def __init__(self):
        self.now, self.reads = 0.0, 0

    def __call__(self):
        self.reads += 1
        return self.now


def watching(period, warm_up, times, ask=(), thresholds=()):
    """Ticks at these times. How often the clock was read by then (first: after the constructor), what p99() gives after
    so many ticks (`ask`) and at the end, and what stalls() gives for these thresholds."""

    def work():
        clock = Clock()
        monitor = exercise.LoopMonitor(clock, period, warm_up)
        reads, asked = [clock.reads], []
        for number, now in enumerate(times, 1):
            clock.now = now
            monitor.tick()
            reads.append(clock.reads)
            if number in ask:
                asked.append(told(monitor.p99()))
        return {
            "reads": reads,
            "asked": asked,
            "p99": told(monitor.p99()),
            "stalls": [told(monitor.stalls(threshold)) for threshold in thresholds],
        }

    return one_thread(work)


def told(value):
    """A number as evidence, anything else as text."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)


# ---- lines


class Sink(list):
    """Keeps what it is handed."""

    def __call__(self, line):
        self.append(line if isinstance(line, str) else f"no text, but {type(line).__name__}: {line!r}")


def log(event, fields):
    """The lines that the sink had when log_event returned."""
    sink = Sink()
    exercise.log_event(sink, event, **fields)
    return list(sink)


def logging(calls):
    """For each [event, fields] the lines."""
    return one_thread(lambda: [log(event, fields) for event, fields in calls])


def naming(threads):
    """Each thread logs a line; the line, and who the thread is."""

    def work(_):
        me = threading.current_thread()
        return {"lines": log("hello", {}), "ids": [threading.get_ident(), threading.get_native_id()], "name": me.name}

    return Scenario(lambda: None, [work] * threads, lambda _: {})


def serving(requests, lines):
    """Several requests at once, each a task that logs a line, lets the others go on, and so on; its lines by id."""

    async def serve(request):
        exercise.current_request.set(request)
        seen = []
        for _ in range(lines):
            seen += log("step", {"of": request})
            await asyncio.sleep(0)
        return seen

    async def all_of_them():
        return await asyncio.gather(*map(serve, requests))

    return one_thread(lambda: asyncio.run(all_of_them()))


def in_threads(request):
    """The line of a request that is served here, of a job for it in a thread, and of a job with its context there."""

    def work():
        def job():
            lines.append(log("job", {}))

        lines = []
        exercise.current_request.set(request)
        job()
        for target in (job, lambda: context.run(job)):
            context = contextvars.copy_context()
            thread = threading.Thread(target=contextvars.Context().run, args=(target,))
            thread.start()
            thread.join()
        return lines

    return one_thread(work)


def hiding():
    """A call full of secrets: which keys are secret, the lines, what was given, and whether and when it was changed."""

    def work():
        keys = sorted(key for key in exercise.SECRET_KEYS if isinstance(key, str))
        if not keys:
            return {"keys": []}
        fields = secrets(keys)
        before = copy.deepcopy(fields)
        with at_every_line(lambda: fields == before) as moments:
            lines = log("signed in", fields)
        return {"keys": keys, "lines": lines, "given": before, "unchanged": fields == before, "moments": moments[:1]}

    return one_thread(work)


@contextmanager
def at_every_line(holds):
    """Look between any two lines of the learner's, on this thread: the moments at which it does not hold."""
    moments, last = [], None

    def look(frame, event, _):
        nonlocal last
        if frame.f_code.co_filename != exercise.__file__:
            return None
        if not holds():
            moments.append(f"after line {last}: `{linecache.getline(exercise.__file__, last or 0).strip()}`")
        last = frame.f_lineno
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield moments
    finally:
        sys.settrace(before)


def secrets(keys):
    """Each secret key somewhere, and names and values that only look like one."""
    key, other = keys[0], keys[-1]
    return {
        **{each: f"swordfish {number}" for number, each in enumerate(keys)},
        "user": {"name": "Ada", key: "swordfish in a dict", "address": {other: {"deep": "swordfish below"}}},
        "cards": [{"kind": "gold", other: 4711}, [{key: ["swordfish in lists"]}], "paper"],
        "pair": ({key: "swordfish in a tuple"}, ({other: "swordfish in tuples", "left": 1},)),
        "empty": [{key: None}, {key: ""}, {other: 0}, {key: {}}],
        "deep": {"a": {"b": {"c": {"d": [{"e": {key: "swordfish at the bottom", "f": True}}]}}}},
        "innocent": {f"{key}_hint": "kept", f"my{key}": "kept", "kind": key, "list": [key]},
        "other keys": [{key.upper(): "kept", f"{key} ": "kept"}, {other.capitalize(): "kept"}],
    }


def failing():
    """Sinks that raise: what log_event did about it, how often the sink was called, and the line of the next call."""

    def attempt(error):
        calls = []

        def sink(line):
            calls.append(line)
            raise error

        try:
            exercise.log_event(sink, "hello")
        except NotImplementedError:
            raise
        except Exception as raised:
            return {"sink": repr(error), "calls": len(calls), "raised": repr(raised)}
        return {"sink": repr(error), "calls": len(calls), "next": log("next", {})}

    return one_thread(lambda: [attempt(error) for error in (OSError("disk full"), ValueError(), LogServerIsDown())])


class LogServerIsDown(Exception):
    pass


# ---- several threads at once


def together(threads, lines):
    """Threads log at the same time, each for its own request; in memory what the lines say of themselves."""

    def thread(number):
        context = contextvars.Context()
        context.run(exercise.current_request.set, f"r-{number}")

        def work(sink):
            for line in range(lines):
                exercise.log_event(sink, "step", by=number, line=line)

        return partial(context.run, work)

    def memory(sink):
        return {"lines": [gist(line) for line in sink]}

    return Scenario(Sink, [thread(number) for number in range(threads)], memory)


def gist(line):
    """What a line says, without what differs from run to run."""
    try:
        record = json.loads(line)
        return [record.get("by"), record.get("line"), record.get("request")]
    except (ValueError, AttributeError):
        return line


def helping():
    """The threads that the file has started for itself: the others have the subject's own code on their stacks."""

    def is_own(frame):
        while frame:
            if frame.f_code.co_filename.endswith("python_subject.py"):
                return False
            frame = frame.f_back
        return True

    def work():
        log("hello", {})
        frames = sys._current_frames()
        return [thread.name for thread in threading.enumerate() if is_own(frames.get(thread.ident))]

    return one_thread(work)


# ---- the end of a program

PROGRAM = """
import json, os, sys
path, end, lines = sys.argv[1:]
sys.path[:] = json.loads(path)
import exercise

for number in range(int(lines)):
    exercise.log_event(lambda line: os.write(1, f"{line}\\n".encode()), "step", line=number)
if end == "an uncaught error":
    raise RuntimeError("nobody catches this")
elif end == "sys.exit()":
    sys.exit()
else:
    os._exit(0)
"""


def ending(ends, lines):
    """Programs that log so many lines, each written at once by its sink, and then end: what each of them wrote."""

    def work():
        log("hello", {})
        command, path = [sys.executable, "-S", "-c", PROGRAM], json.dumps(sys.path)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        programs = [subprocess.Popen([*command, path, end, str(lines)], **pipes) for end in ends]
        left_alone(programs)
        return [outcome(program) for program in programs]

    return one_thread(work)


def left_alone(programs):
    """Give all the time to end that the first one takes, twice more and a little: so it does on a busy machine, too."""
    ticks = first = 0
    while any(program.poll() is None for program in programs) and ticks < min(3 * first + 10 if first else 60, 60):
        time.sleep(0.05)
        ticks += 1
        if not first and any(program.poll() is not None for program in programs):
            first = ticks


def outcome(program):
    ended = program.poll() is not None
    program.kill()
    written, _ = program.communicate()
    return {"ended": ended, "lines": written.decode(errors="replace").splitlines()}
