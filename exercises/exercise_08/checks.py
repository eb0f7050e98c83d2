"""The checks of exercise 8, for both languages.

Most of them play a script on a pool: tasks start, wait at a gate, and end as they are told. The model knows what a
right pool has done after each step; what was seen is a diary of starts and ends.
"""

import random

from worker_pool_model import KINDS, are, called, calls, got, lawful, over, plays, pool, random_steps, waits

from mtlearn.grading.checks import Failure, Ran, Subject, Unchecked, expect, only
from mtlearn.grading.stateful.script import failed, refused, shortest, written

WORKERS = {"python": "threads", "node": "workers"}


def test_results(subject: Subject):
    """What the function returns comes back, whatever it is; also from an async function."""
    told = dict.fromkeys(WORKERS, "returned {}")
    calls(subject, RESULTS, lambda outcome: outcome.get("shown"), told, "Tell a result from an error by something else "
          "than its value. What an async function returns is known when it was awaited.")  # fmt: skip


RESULTS = {
    "python": {"plain": {"5": "add 2 3", "None": "nothing", "ValueError('a result')": "error_as_value"},
               "async": {"5": "add_later 2 3"}},
    "node": {"plain": {"[ 5, 'a' ]": ["echo", [5, "a"]], "undefined": "nothing", "null": "echo null",
                       "RangeError: a result": "errorAsValue"},
             "async": {"5": "echo 5"}},
}  # fmt: skip


def test_errors(subject: Subject):
    """What the function raises or throws is what its caller gets; also from an async function."""
    told = {"python": "raised {}: that should be its future's exception",
            "node": "threw {}: its promise should reject with that"}  # fmt: skip
    calls(subject, ERRORS, lambda outcome: f"{outcome.get('type')}: {outcome.get('failed')}", told, "Catch it in the "
          "worker, and hand it over as it is. In Python, only BaseException is all that can be raised.")  # fmt: skip


ERRORS = {
    "python": {"plain": {"OutOfStock: no tea left": "refuse tea", "SystemExit: 3": "leave 3", "Stop: now": "stop now"},
               "async": {"OutOfStock: no tea left": "refuse_later tea", "SystemExit: 3": "leave_later 3"}},
    "node": dict.fromkeys(("plain", "async"), {"RangeError: no tea": "fail tea", "a value: null": "failWithAValue null",
                                               "a value: 0": "failWithAValue 0"}),
}  # fmt: skip


@only("node")
def test_path_or_url(subject: Subject):
    """The file may be given as a path, too."""
    [outcome] = called(subject, "plain", "echo 7", asPath=True)
    told = f"With a path instead of a URL, a task should give 7; {got(subject, outcome)}."
    expect(outcome.get("value") == 7, told, "import() takes a URL: pathToFileURL makes one of a path.")


@only("node")
def test_what_cannot_be_sent(subject: Subject):
    """Data that cannot be sent fails its own task, and no other; so does a result, or an error."""
    for steps in ("misfit a, submit b c, let return b, let return c", "misfit a b, submit c, let return c",
                  "submit a b, misfit c d, submit e f, let return a, let return b, let return e, let return f",
                  "submit a, misfit b, submit c, let exit a, let return c"):  # fmt: skip
        plays(subject, 1, "plain", steps)
    plays(subject, 2, "async", "submit a, misfit b c, submit d e, let return d, let return a, let return e")
    for kind in KINDS:
        returned, threw, good = called(subject, kind, "giveAFunction", "throwAFunction", "echo 7")
        for outcome, did in ((returned, "returned"), (threw, "threw")):
            told = f"A task {did} a function, which cannot be sent: it should fail; {got(subject, outcome)}."
            expect(
                failed(outcome), told, "postMessage throws in the worker, too: who waits for the task must hear of it."
            )
        expect(good.get("value") == 7, f"Then a task should give 7; {got(subject, good)}.", "Is the worker still free?")


@only("python")
def test_async_in_workers(subject: Subject):
    """An async function is awaited inside a worker thread, on a loop of that thread's own."""
    ran = subject.run_calm("meeting").returns[0]
    for outcome in ran["tasks"]:
        if not isinstance(outcome.get("value"), dict):
            raise Failure(f"An async function in a pool of two: {got(subject, outcome)}.", "Await it in the worker.")
    first, second = (outcome["value"] for outcome in ran["tasks"])
    what = "Two async functions in a pool of two"
    met = first["met"] == second["met"] == 2
    expect(met, f"{what} waited for each other, and did not meet.", "As long as tasks wait, two of them should run.")
    threads = [*first["threads"], *second["threads"]]
    expect(ran["caller"] not in threads, "An async function ran on the caller's thread.", "Use a worker.")
    expect(len(set(first["threads"])) == 1, "An async function began on one thread, and went on on another.")
    expect(
        len(set(threads)) == 2 and first["loop"] != second["loop"],
        f"{what} ran on one and the same loop at the same time.",
        "On a shared loop, a function that blocks holds up all the others: let each worker have a loop of its own.",
    )


def test_as_many_as_size(subject: Subject):
    """As many tasks as the pool has workers run at once, and not one more."""
    for kind, size in (("plain", 1), ("plain", 2), ("async", 2)):
        names = "abcdef"[: 3 * size]
        ends = ", ".join(f"let return {name}" for name in names)
        seen = plays(subject, size, kind, f"submit {' '.join(names)}, linger, count {size}, {ends}")
        workers, used = seen["counts"][0], {who for what, _, who in seen["log"] if what == "start"}
        told = f"{pool(subject, size)} has {workers} {WORKERS[subject.runtime]} while {size} of its tasks run."
        expect(workers <= size, told, "A task that waits needs nobody yet: keep it in a queue.")
        expect(
            seen["caller"] not in used, "A task ran on its caller's thread, not in a worker.", "Only put it in line."
        )
        told = f"{len(names)} tasks in {pool(subject, size)} were done by {len(used)} different workers."
        again = subject.runtime == "python" or len(used) <= size
        expect(again, told, "Start the workers once, and hand each its next task when it is done.")


def test_first_in_first_out(subject: Subject):
    """The task that waits longest starts next."""
    ends = ", ".join(f"let return {name}" for name in "abcdefg")
    plays(subject, 1, "plain", f"submit a, submit b c d e f g, {ends}")
    plays(subject, 2, "async", f"submit a b, submit c d e f g, {ends}")


def test_cancelled_before(subject: Subject):
    """A task that is cancelled while it waits never runs, and the one behind it takes its turn."""
    for kind in KINDS:
        plays(subject, 1, kind, "submit a b c d, cancel b c, let return a, let return b c d")


def test_cancelled_too_late(subject: Subject):
    """A task that runs cannot be cancelled: it runs on, and gives its result."""
    for kind in KINDS:
        plays(subject, 1, kind, "submit a b, cancel a, let return a, let return b, cancel b")


@only("node")
def test_aborted_before(subject: Subject):
    """A signal that is aborted already rejects at once, and the task takes no turn."""
    outcome = subject.run_calm("aborting").returns[0]
    told = f"it threw {refused(outcome)}" if "raised" in outcome else got(subject, outcome)
    told = f"A signal was aborted before run: its promise should reject with the signal's reason; {told}."
    expect("cancelled" in outcome, told, "Its `abort` event is over: ask signal.aborted.")
    expect(not outcome["ran"], "A signal was aborted before run, and the task ran all the same.")


def test_the_pool_keeps_its_size(subject: Subject):
    """However many tasks fail, and whatever they do to their worker, the pool has as many workers as before."""
    ways = {"python": ("plain raise", "async raise", "plain exit", "async exit"),
            "node": ("plain raise", "plain exit", "async exit0", "async crash")}  # fmt: skip
    for kind, how in map(str.split, ways[subject.runtime]):
        plays(subject, 2, kind, f"submit a b c d, let {how} a, let {how} b, let return c d")


@only("node")
def test_replaced_at_once(subject: Subject):
    """A worker that exits is replaced at once, also when no task waits for it, and when it had nothing to do."""
    plays(subject, 2, "plain", "submit a b, let exit a b, replaced 2")
    left = subject.run_calm("leaving").returns[0]
    told = f"A worker exited when it had nothing to do. What was run then, again and again: {got(subject, left)}."
    expect("value" in left, told, "The `exit` event comes then, too: take the worker out, and start another.")


@only("python")
def test_context(subject: Subject):
    """A task sees the contextvars of whoever submitted it, as they were then, and so do the future's callbacks."""
    ran = subject.run_calm("asking").returns[0]
    whose = {name: f"the {name} request" for name in ("first", "second", "third", "last")}
    for name in ("first", "second", "third"):
        seen, left_by = ran["seen"].get(name, [None, "nobody"])
        told = f"A task of {whose[name]} ran in the context of {whose.get(seen, 'no request at all')}."
        expect(
            seen == name, told, "A thread has a context of its own: take copy_context() in submit, and run it there."
        )
        told = f"A task saw what the one before it, of the {left_by} request, had set in a contextvar."
        expect(left_by == "nobody", told, "Each task runs in a copy of its own.")
        called = whose.get(ran["called"].get(name), "no request at all")
        told = f"A callback of the future of {whose[name]} was called in the context of {called}."
        expect(called == whose[name], told, "Callbacks run where it is settled: settle it inside the context, too.")


def test_close(subject: Subject):
    """close() refuses new tasks, lets what runs end, and fails what waits."""
    for kind in KINDS:
        plays(subject, 2, kind, "submit a b c d e, cancel d, close, linger, let return a b c e, close_ended, submit f")
        plays(subject, 2, kind, "submit a b c, close, let raise a, linger, let return b c, close_ended")


@only("node")
def test_closed_meanwhile(subject: Subject):
    """A task ends, also when the pool is closed, or its signal aborts, in the moment in which it is submitted."""
    cancelled = ", ".join(f"beside {ticks} {name} cancel" for ticks, name in enumerate("bcdef"))
    plays(subject, 1, "plain", f"submit a, {cancelled}, let return a, submit z, let return z")
    for ticks in range(4):
        plays(subject, 1, "plain", f"submit a, beside {ticks} b close, let return a, close_ended")


def test_close_leaves_nothing(subject: Subject):
    """After close(), no worker is left, whatever they were doing."""
    help = {"python": "Wake every worker and tell it to end, then join() it.",
            "node": "terminate() every worker, also one that replaces another, and await that."}  # fmt: skip
    for steps in ("close, close_ended", "submit a b c, let raise a, let exit b, close, let return c, close_ended",
                  "submit a b, close, let exit a b, close_ended"):  # fmt: skip
        seen, whose = plays(subject, 2, "plain", steps), f"of the pool's {WORKERS[subject.runtime]}"
        for when, left in (("After close()", seen["left"]), ("As close() ended", seen.get("ending", 0))):
            expect(left == 0, f"{when}, {left} {whose} {are(left)} still there.", help[subject.runtime])


@only("node")
def test_any_data(subject: Subject):
    """The function is called with the data as it was given, whatever it is."""
    values = (None, 0, "", False, "[7]", [7], {"value": 7})
    jobs = [["itself", value] for value in values]
    for value, outcome in zip(values, called(subject, "plain", *jobs), strict=True):
        told = f"A function that returns its data was called for {written('node', value)}; {got(subject, outcome)}."
        expect("value" in outcome and outcome["value"] == value, told, "Hand the data on as it is, whatever it is.")


# -- in every order of steps: tiny scenarios, and few schedules, as a pool's single run is long


def explored(subject: Subject, scenario, at_once, names, bound, schedules, in_order=True, **params):
    """Explore a race that ends with close()."""

    def judge(ran: Ran):
        lawful(subject, ran.memory["log"], at_once, list(names), names if True in ran.returns else (), in_order)
        waits(ran.memory["log"])
        over(subject, ran)

    subject.explore(scenario, judge, bound, schedules, **params)


@only("python")
def test_cancelled_as_it_starts(subject: Subject):
    """A task cancelled in the very moment it starts either runs or is cancelled, not both; an async one, too."""
    for kind in KINDS:
        explored(subject, "cancelling", 1, "a", 2, 600, kind=kind)


@only("python")
def test_submitted_at_once(subject: Subject):
    """Threads may submit and close at the same moment: no more than `size` tasks run, and every task ends."""
    explored(subject, "submitting", 1, "ab", 1, 1_000, in_order=False)


@only("python")
def test_woken_in_any_order(subject: Subject):
    """A worker that wakes up looks again whether there is something to do."""
    explored(subject, "waking", 2, "ab", 0, 300)
    explored(subject, "stealing", 2, "ab", 1, 600)


@only("python")
def test_closed_in_any_order(subject: Subject):
    """close() ends in every order of steps, and so does every task submitted before."""
    explored(subject, "closing", 2, "ab", 1, 300, size=1, tasks=2)
    explored(subject, "closing", 2, "ab", 0, 300, size=2, tasks=1)


# -- at last


def test_random_operations(subject: Subject):
    """A long row of random operations comes out right, step by step."""
    if subject.failed:  # real threads: what a wrong pool does with so many operations is luck
        raise Unchecked("not run, because checks before it fail", "Mend those first.")
    for kind, seed in (("plain", 8), ("async", 80)):
        steps = random_steps(random.Random(seed), 2, subject.runtime)
        shortest(lambda steps, kind=kind: plays(subject, 2, kind, *steps), steps, tries=10)
