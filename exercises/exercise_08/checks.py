"""The checks of exercise 8, for both languages.

Most of them play a list of steps on a pool (see `Play` in the scenarios): tasks start, wait at a gate, and end as they
are told. What a right pool has done after each step is known; what was seen is a diary of starts and ends.
"""

import random

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

POOL = {"python": "WorkerPool({})", "node": "new WorkerPool(file, {})"}
SUBMIT = {"python": "submit", "node": "run"}
PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}
WORKERS = {"python": "threads", "node": "workers"}
KINDS = {"plain": "plain functions", "async": "async functions"}


def test_loads(subject: Subject):
    """The file loads and has the name that is asked for."""
    subject.load()


def test_results(subject: Subject):
    """What the function returns comes back, whatever it is; also from an async function."""
    for kind, jobs in RESULTS[subject.runtime].items():
        for got, (_, want, told) in zip(_called(subject, kind, jobs), jobs, strict=True):
            expect(
                got.get("shown") == want,
                f"For {told}, the result should be {want}; {_got(subject, got)}.",
                "What an async function returns is known when it was awaited."
                if kind == "async"
                else "Tell a result from an error by something else than its value.",
            )


RESULTS = {
    "python": {
        "plain": (
            (["add", 2, 3], "5", "add(2, 3)"),
            (["nothing"], "None", "a function that returns None"),
            (["error_as_value"], "ValueError('a result')", "a function that returns (not raises) an error"),
        ),
        "async": ((["add_later", 2, 3], "5", "an async function that returns 5"),),
    },
    "node": {
        "plain": (
            ({"job": "echo", "value": [5, {"a": None}]}, "[ 5, { a: null } ]", "[5, { a: null }]"),
            ({"job": "echo", "value": None}, "null", "a function that returns null"),
            ({"job": "nothing"}, "undefined", "a function that returns nothing"),
            ({"job": "errorAsValue"}, "RangeError: a result", "a function that returns (not throws) an error"),
        ),
        "async": (({"job": "echo", "value": 5}, "5", "an async function that returns 5"),),
    },
}


def test_errors(subject: Subject):
    """What the function raises or throws is what its caller gets; also from an async function."""
    should = {"python": "that should be its future's exception", "node": "its promise should reject with that"}
    for kind, jobs in ERRORS[subject.runtime].items():
        for got, (_, want, told) in zip(_called(subject, kind, jobs), jobs, strict=True):
            expect(
                (got.get("failed"), got.get("text")) == want,
                f"{KINDS[kind].capitalize()[:-1]} {told}: {should[subject.runtime]}; {_got(subject, got)}.",
                "SystemExit is no Exception, but a BaseException: `except Exception` does not catch it."
                if want[0] == "SystemExit"
                else "Catch it in the worker, and hand it over as it is.",
            )


ERRORS = {
    "python": {
        "plain": (
            (["refuse", "bread"], ("OutOfStock", "no bread left"), "raised OutOfStock('no bread left')"),
            (["leave", 3], ("SystemExit", "3"), "raised SystemExit(3)"),
        ),
        "async": (
            (["refuse_later", "tea"], ("OutOfStock", "no tea left"), "raised OutOfStock('no tea left')"),
            (["leave_later", 3], ("SystemExit", "3"), "raised SystemExit(3)"),
        ),
    },
    "node": {
        "plain": (
            ({"job": "fail", "message": "no bread"}, ("RangeError", "no bread"), "threw RangeError: no bread"),
            ({"job": "failWithAValue", "value": None}, ("a value", "null"), "threw null"),
        ),
        "async": (
            ({"job": "fail", "message": "no tea"}, ("RangeError", "no tea"), "threw RangeError: no tea"),
            ({"job": "failWithAValue", "value": 0}, ("a value", "0"), "threw 0"),
        ),
    },
}


@only("node")
def test_path_or_url(subject: Subject):
    """The file may be given as a path, too."""
    [got] = _called(subject, "plain", [({"job": "echo", "value": 7},)], asPath=True)
    expect(
        got.get("shown") == "7",
        f"With a path instead of a URL, a task should give 7; {_got(subject, got)}.",
        "import() takes a URL: pathToFileURL makes one of a path.",
    )


@only("python")
def test_async_in_workers(subject: Subject):
    """An async function is awaited inside a worker thread, on a loop of that thread's own."""
    ran = subject.run_calm("meeting").returns[0]
    for got in ran["tasks"]:
        if not isinstance(got.get("value"), dict):
            raise Failure(f"An async function in a pool of two: {_got(subject, got)}.", "Await it in the worker.")
    first, second = (got["value"] for got in ran["tasks"])
    expect(
        first["met"] == second["met"] == 2,
        "Two async functions in a pool of two waited for each other, and did not meet.",
        "As long as tasks wait, two of them should run.",
    )
    for each in (first, second):
        expect(ran["caller"] not in each["threads"], "An async function ran on the caller's thread.", "Use a worker.")
        expect(len(set(each["threads"])) == 1, "An async function began on one thread, and went on on another.")
    expect(
        first["threads"] != second["threads"] and first["loop"] != second["loop"],
        "Two async functions ran on one and the same loop at the same time.",
        "On a shared loop, a function that blocks holds up all the others: let each worker have a loop of its own.",
    )


def test_as_many_as_size(subject: Subject):
    """As many tasks as the pool has workers run at once, and not one more."""
    for kind, size in (("plain", 1), ("plain", 2), ("async", 2)):
        names = list("abcdef")[: 3 * size]
        steps = [["submit", *names], ["started", *names[:size]], ["linger"], ["count", size]]
        steps += [["let", "return", *names], ["settled", *names]]
        seen = _play(subject, size, kind, steps, dict.fromkeys(names, "return"))
        workers, used = seen["counts"][0], {who for what, _, who in seen["log"] if what == "start"}
        expect(
            workers <= size,
            f"{_pool(subject, size)} has {workers} {WORKERS[subject.runtime]} while {size} of its tasks "
            f"run{'s' * (size == 1)} and others wait.",
            "A task that waits needs nobody yet: keep it in a queue.",
        )
        expect(
            seen["caller"] not in used,
            "A task ran on its caller's thread, not in a worker.",
            f"{SUBMIT[subject.runtime]} only puts it in line; the workers take it from there.",
        )
        expect(
            len(used) <= size or _py(subject),
            f"{len(names)} tasks in {_pool(subject, size)} were done by {len(used)} different workers.",
            "Start the workers once, and hand each its next task when it is done.",
        )


def test_first_in_first_out(subject: Subject):
    """The task that waits longest starts next."""
    for kind, size in (("plain", 1), ("async", 2)):
        names = list("abcdefg")
        steps = [["submit", *names[:size]], ["started", *names[:size]], ["submit", *names[size:]]]
        for number, name in enumerate(names):
            steps += [["let", "return", name], ["settled", name]]
            steps += [["started", each] for each in names[number + size : number + size + 1]]
        _play(subject, size, kind, steps, dict.fromkeys(names, "return"))


def test_cancelled_before(subject: Subject):
    """A task that is cancelled while it waits never runs, and the one behind it takes its turn."""
    for kind in KINDS:
        steps = [["submit", "a", "b", "c", "d"], ["started", "a"], ["cancel", "b", "c"], ["let", "return", "a"]]
        steps += [["settled", "a"], ["started", "d"], ["let", "return", "b", "c", "d"], ["settled", "d"]]
        _play(subject, 1, kind, steps, {"a": "return", "b": "cancel", "c": "cancel", "d": "return"})


def test_cancelled_too_late(subject: Subject):
    """A task that runs cannot be cancelled: it runs on, and gives its result."""
    for kind in KINDS:
        steps = [["submit", "a", "b"], ["started", "a"], ["cancel", "a"], ["let", "return", "a"], ["settled", "a"]]
        steps += [["started", "b"], ["let", "return", "b"], ["settled", "b"], ["cancel", "b"]]
        _play(subject, 1, kind, steps, {"a": "return", "b": "return"})


@only("node")
def test_aborted_before(subject: Subject):
    """A signal that is aborted already rejects at once, and the task takes no turn."""
    got = subject.run_calm("aborting").returns[0]
    told = f"it threw {got['threw']}" if "threw" in got else _got(subject, got)
    expect(
        got.get("cancelled", False),
        f"A signal was aborted before run: its promise should reject with the signal's reason; {told}.",
        "Its `abort` event is over: ask signal.aborted.",
    )
    expect(not got["ran"], "A signal was aborted before run, and the task ran all the same.")


def test_the_pool_keeps_its_size(subject: Subject):
    """However many tasks fail, and whatever they do to their worker, the pool has as many workers as before."""
    ways = {
        "python": [("plain", "raise"), ("async", "raise"), ("plain", "exit"), ("async", "exit")],
        "node": [("plain", "raise"), ("plain", "exit"), ("async", "exit0"), ("async", "crash")],
    }
    for kind, how in ways[subject.runtime]:
        steps = [["submit", "a", "b", "c", "d"], ["started", "a", "b"], ["let", how, "a"], ["settled", "a"]]
        steps += [["started", "c"], ["let", how, "b"], ["settled", "b"], ["started", "d"]]
        steps += [["let", "return", "c", "d"], ["settled", "c", "d"]]
        _play(subject, 2, kind, steps, {"a": how, "b": how, "c": "return", "d": "return"})


@only("node")
def test_replaced_at_once(subject: Subject):
    """A worker that exits is replaced at once, also when no task waits for it, and when it had nothing to do."""
    steps = [["submit", "a", "b"], ["started", "a", "b"], ["let", "exit", "a", "b"], ["settled", "a", "b"]]
    _play(subject, 2, "plain", [*steps, ["replaced", 2]], {"a": "exit", "b": "exit"})
    left = subject.run_calm("leaving").returns[0]
    told = "was never settled" if "pending" in left else "failed, twenty times"
    expect(
        "value" in left,
        f"A worker exited when its task had ended, and it had nothing to do. The next task {told}.",
        "The `exit` event comes then, too: take the worker out, and start another.",
    )


@only("python")
def test_context(subject: Subject):
    """A task sees the contextvars of whoever submitted it, as they were then, and so do the future's callbacks."""
    ran = subject.run_calm("asking").returns[0]
    for name, told in (("first", "function"), ("second", "async function"), ("third", "function that raises")):
        seen, left_by = ran["seen"].get(name, [None, "nobody"])
        expect(
            seen == name,
            f"The {name} request submitted a{'n' * (told[0] == 'a')} {told}; it ran in the context of {_whose(seen)}.",
            "A thread has a context of its own. Take copy_context() in submit, and run the function in it.",
        )
        expect(
            left_by == "nobody",
            f"A task saw what the one before it, of the {left_by} request, had set in a contextvar.",
            "Each task runs in a copy of its own.",
        )
        called = ran["called"].get(name)
        expect(
            called == name,
            f"A callback of the {name} request's future was called in the context of {_whose(called)}.",
            "Callbacks run where the future is settled: settle it inside the context, too.",
        )


def test_close(subject: Subject):
    """close() refuses new tasks, lets what runs end, and fails what waits."""
    for kind in KINDS:
        steps = [["submit", "a", "b", "c", "d", "e"], ["started", "a", "b"], ["cancel", "d"], ["close"], ["linger"]]
        steps += [["let", "return", "a", "b", "c", "e"], ["close_ended"], ["submit", "f"]]
        wanted = {"a": "return", "b": "return", "c": "close", "d": "cancel", "e": "close", "f": "refuse"}
        _play(subject, 2, kind, steps, wanted)


def test_close_leaves_nothing(subject: Subject):
    """After close(), no worker is left, whatever they were doing."""
    ended = [["submit", "a", "b", "c"], ["started", "a", "b"], ["let", "raise", "a"], ["settled", "a"]]
    ended += [["started", "c"], ["let", "exit", "b"], ["settled", "b"], ["close"], ["let", "return", "c"]]
    busy = [["submit", "a", "b"], ["started", "a", "b"], ["close"], ["let", "exit", "a", "b"], ["close_ended"]]
    for steps, wanted in (
        ([["close"], ["close_ended"]], {}),
        ([*ended, ["close_ended"]], {"a": "raise", "b": "exit", "c": "return"}),
        (busy, {"a": "exit", "b": "exit"}),
    ):
        left = _play(subject, 2, "plain", steps, wanted)["left"]
        expect(
            left == 0,
            f"After close(), {left} of the pool's {WORKERS[subject.runtime]} {_are(left)} still there.",
            {
                "python": "Wake every worker and tell it to end, then join() it.",
                "node": "terminate() every worker, also one that was started to replace another, and await that.",
            }[subject.runtime],
        )


def test_random_operations(subject: Subject):
    """A long row of random operations comes out right, step by step."""
    for kind, seed in (("plain", 8), ("async", 80)):
        _play(subject, 2, kind, *_random_steps(random.Random(seed), 2, subject.runtime))


# -- in every order of steps: tiny scenarios, and few schedules, as a pool's single run is long


@only("python")
def test_cancelled_as_it_starts(subject: Subject):
    """A task that is cancelled in the very moment it starts either runs or is cancelled, not both."""

    def judge(ran: Ran):
        expect(
            not (ran.returns[0] and ran.memory["log"][0][0] == "start"),
            "cancel() said True, and the task ran all the same.",
            "Between the question whether it is cancelled and its start, it can be cancelled. One step does both: "
            "future.set_running_or_notify_cancel().",
        )
        _over(subject, ran)

    subject.explore("cancelling", judge, max_schedules=600)


@only("python")
def test_submitted_at_once(subject: Subject):
    """Threads may submit and close at the same moment: no more than `size` tasks run, and every task ends."""

    def judge(ran: Ran):
        _lawful(subject, ran.memory["log"], 1, ["a", "b"], in_order=False)
        _over(subject, ran)

    subject.explore("submitting", judge, 1, 1_000)


@only("python")
def test_woken_in_any_order(subject: Subject):
    """A worker that wakes up looks again whether there is something to do."""

    def judge(ran: Ran):
        _lawful(subject, ran.memory["log"], 2, ["a", "b"])
        _over(subject, ran)

    subject.explore("waking", judge, 0, 300)


@only("python")
def test_closed_in_any_order(subject: Subject):
    """close() comes to its end in every order of steps, and so does every task submitted before."""

    def judge(ran: Ran):
        _lawful(subject, ran.memory["log"], 2, ["a", "b"])
        _waits(ran.memory["log"])
        _over(subject, ran)

    subject.explore("closing", judge, 1, 300, size=1, tasks=2)
    subject.explore("closing", judge, 0, 300, size=2, tasks=1)


# -- what a right pool does -----------------------------------------------------


def _random_steps(rng: random.Random, size, runtime):
    """A row of random steps with what must have come of them by then, and how each task ends."""
    steps, wanted = [], {}
    waiting, running = [], []
    exits = {"python": 100, "node": 4}[runtime]  # a Node.js worker takes a while to start
    for _ in range({"python": 60, "node": 40}[runtime]):
        what = rng.choice(["submit", "let", "let", "cancel"]) if len(waiting) < 6 else "let"
        if what == "submit" or not running:
            names = [f"t{len(wanted) + number}" for number in range(rng.randint(1, 4))]
            wanted.update(dict.fromkeys(names, "close"))
            waiting += names
            steps.append(["submit", *names])
        elif what == "let":
            name = running.pop(rng.randrange(len(running)))
            how = rng.choice(["return", "return", "return", "raise", "exit" if exits else "raise"])
            exits -= how == "exit"
            wanted[name] = how
            steps += [["let", how, name], ["settled", name]]
        else:
            name = rng.choice([*waiting, *running])
            steps.append(["cancel", name])
            if name in waiting:
                waiting.remove(name)
                wanted[name] = "cancel"
        if begun := waiting[: size - len(running)]:
            running += begun
            del waiting[: len(begun)]
            steps.append(["started", *begun])
    wanted.update(dict.fromkeys(running, "return"))
    return [*steps, ["count", size], ["close"], ["let", "return", *running], ["close_ended"]], wanted


def _play(subject: Subject, size, kind, steps, wanted):
    """Play the steps on a pool and check what came of it; what was seen.

    `wanted` says how each task ends: "return", "raise", "exit" (or another way to end a worker), "cancel" (while it
    waited), "close" (it waited when the pool was closed), or "refuse" (it came later).
    """
    seen = subject.run_calm("playing", size=size, kind=kind, steps=steps).returns[0]
    for got in seen["outcomes"].values():
        expect(
            "gave" not in got,
            f"{SUBMIT[subject.runtime]} should give {PROMISE[subject.runtime]}; it gave {got.get('gave')}.",
        )
    for name, why in seen["refused"]:
        if wanted[name] != "refuse":
            raise Failure(f"{SUBMIT[subject.runtime]} raised {why}.", "The pool is open: it should take the task.")
    cancelled = [name for name, how in wanted.items() if how == "cancel"]
    for name, got in seen["cancels"].items():
        expect(
            got is (name in cancelled),
            f"Task {name} {'waited' if name in cancelled else 'ran'}: cancel() should give {name in cancelled}; "
            f"it gave {got}.",
            "future.set_running_or_notify_cancel() makes it a running one: then it cannot be cancelled any more.",
        )
    _lawful(subject, seen["log"], size, list(wanted), cancelled)
    expect(not seen["close_failed"], f"close() failed: {seen['close_failed']}.")
    if seen["stuck"]:
        raise _stuck(subject, size, kind, steps, seen["stuck"])
    _waits(seen["log"])
    for name, how in wanted.items():
        _ended(subject, name, how, seen["outcomes"].get(name, {"pending": True}), dict(seen["refused"]))
    return seen


def _lawful(subject: Subject, log, size, names, cancelled=(), in_order=True):
    """Check a diary: never more than `size` at once, each task once, none that was cancelled, first in first out.

    `names` are the tasks in the order in which they were submitted.
    """
    running, begun, overtaken = [], set(), None
    for what, name, *_ in log:
        if what == "end":
            running.remove(name)
        if what != "start":
            continue
        expect(name not in begun, f"Task {name} ran twice.", "When its worker ends, it has failed.")
        expect(
            name not in cancelled,
            f"Task {name} was cancelled while it waited, and ran all the same.",
            {
                "python": "Ask future.set_running_or_notify_cancel() before you call the function.",
                "node": "Take it out of the line when its signal aborts.",
            }[subject.runtime],
        )
        begun.add(name)
        running.append(name)
        expect(
            len(running) <= size,
            f"In {_pool(subject, size)}, {_listed(running)} ran at the same time.",
            "A worker takes its next task when the last one has ended, and not earlier.",
        )
        # who was taken out of the line just before may be a moment behind: each such one keeps a worker to itself
        older = [each for each in names[: names.index(name)] if each not in begun and each not in cancelled]
        if len(older) + len(running) > size and in_order:
            overtaken = overtaken or (name, older)
    if overtaken:  # last: where there is no limit, which task is the first of all is a matter of luck
        name, older = overtaken
        raise Failure(
            f"Task {name} started while {_listed(older)}, submitted before it, still waited.",
            "Take the task that waits longest: the first of the line.",
        )


def _stuck(subject: Subject, size, kind, steps, stuck):
    """The failure of a play that could not go on, because something never came."""
    number, names = stuck["step"], stuck["missing"]
    what, after = steps[number][0], _after(subject, steps[:number])
    if what == "close_ended":
        return Failure(f"After {after}, close() did not come to its end.", "Which worker does it wait for, and why?")
    where = f"In {_pool(subject, size)}, with {KINDS[kind]}, after {after}"
    if what == "replaced":
        help = "Start another in the `exit` event, not when the next task comes."
        return Failure(f"{where}, there should be {size} workers again; there were not.", help)
    if what == "started":
        did, help = "it did" if len(names) == 1 else "they did", "As long as tasks wait, `size` of them run."
        return Failure(f"{where}, {_listed(names)} should start; {did} not.", help)
    help = "Every task ends with a result or an error: who waits for it waits for ever otherwise."
    return Failure(f"{where}, {_listed(names)} {_are(len(names))} still pending.", help)


def _waits(log):
    """Check that nothing ran any more when close() had come to its end."""
    words = [what for what, *_ in log]
    late = [name for what, name, *_ in log[words.index("closed") :] if what == "end"]
    expect(
        not late,
        f"close() had come to its end while {_listed(late)} {_are(len(late))} still running.",
        "It lets what runs end, and waits for it.",
    )


def _ended(subject: Subject, name, how, got, refused):
    """Check how a task ended."""
    told = _got(subject, got)
    if how == "return":
        expect(got.get("value") == name, f"Task {name} returned {name!r}; {told}.")
    elif how == "raise":
        expect(name in str(got.get("text")), f"Task {name} raised an error, “{name} failed”; {told}.")
    elif how == "cancel":
        right = "cancelled" in got
        expect(right, f"Task {name} was cancelled while it waited{_with_reason(subject)}; {told}.")
    elif how == "close":
        expect(
            _failed(got),
            f"Task {name} waited when close() was called, so it should fail; {told}.",
            "Nobody will run it any more: who waits for it must hear of that.",
        )
    elif how == "refuse":
        right = name in refused or _failed(got)
        expect(right, f"After close(), one more task was taken; {told}.", "Nobody is left to run it: refuse it.")
    else:
        expect(
            got.get("failed") == "SystemExit" if _py(subject) else "failed" in got,
            f"Task {name} {_ending(subject, how)}, so it has failed; {told}.",
            "" if _py(subject) else "The `exit` event comes however a worker ends, with the code 0, too.",
        )


def _over(subject: Subject, ran: Ran):
    """Check, after a race with close() in the end, that every task ended as the diary says."""
    started = {name for what, name in ran.memory["log"] if what == "start"}
    for name, got in ran.memory["outcomes"].items():
        expect(
            got.get("value") == name if name in started else _failed(got),
            f"Task {name} {'ran' if name in started else 'did not run'}, and the pool is closed; {_got(subject, got)}.",
            "Every task that was taken ends with a result or an error. What belongs together, such as `is it closed?` "
            "and `put it in line`, needs one lock around it.",
        )


# -- helpers ------------------------------------------------------------------


def _called(subject: Subject, kind, jobs, **more):
    """What came of each job in a pool of one."""
    ended = subject.run_calm("calling", jobs=[job for job, *_ in jobs], kind=kind, **more).returns[0]
    return [*ended, *({"pending": True} for _ in jobs[len(ended) :])]


def _failed(got):
    return "failed" in got or "cancelled" in got


def _got(subject: Subject, got):
    """What became of a task, as the end of a sentence."""
    it = {"python": "its future", "node": "its promise"}[subject.runtime]
    if "gave" in got:
        return f"{SUBMIT[subject.runtime]} gave {got['gave']}, not {PROMISE[subject.runtime]}"
    if "value" in got:
        return f"{it} has the result {got.get('shown', got['value'])}"
    if "failed" in got:
        return f"{it} failed with {got['failed']}: {got['text']}".removesuffix(": ")
    return f"{it} {'was cancelled' if 'cancelled' in got else 'is still pending'}"


def _after(subject: Subject, steps):
    """What was done last, in words."""
    for what, *how in reversed(steps):
        if what == "let":
            return f"{_listed(how[1:])} {_ending(subject, how[0])}"
        if what in ("submit", "cancel"):
            done = {"submit": "submitted", "cancel": "cancelled"}[what]
            return f"{_listed(how)} {'was' if len(how) == 1 else 'were'} {done}"
        if what == "close":
            return "it was called"
    return "the constructor"


def _ending(subject: Subject, how):
    if how in ("return", "raise"):
        return {"return": "returned", "raise": "raised an error"}[how]
    exits = {"exit": "called process.exit(3)", "exit0": "called process.exit(0)", "crash": "ended its worker"}
    return "raised SystemExit" if _py(subject) else exits[how]


def _with_reason(subject: Subject):
    return "" if _py(subject) else ", so it should reject with its signal's reason"


def _pool(subject: Subject, size):
    return POOL[subject.runtime].format(size)


def _py(subject: Subject):
    return subject.runtime == "python"


def _whose(name):
    return "no request at all" if name in (None, "nobody") else f"the {name.removeprefix('the ')} request"


def _are(count):
    return "is" if count == 1 else "are"


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
