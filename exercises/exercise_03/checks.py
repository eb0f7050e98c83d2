"""The checks of exercise 3, for both languages: how each ending of a worker reaches the caller, and what it leaves."""

import json
from functools import cache

from mtlearn.grading.checks import Failure, Subject, expect, only

LONG = 60  # seconds: no job here needs them
SHORT = 0.3

WHO = {"python": "run_job", "node": "runJob"}


def test_loads(subject: Subject):
    """Your file loads, and has what the exercise asks for."""
    subject.load()


@only("python")
def test_result_comes_back(subject: Subject):
    """What the function returns is returned, whatever it is."""
    wanted = (
        ("add", [2, 3], "5", "add(2, 3)"),
        ("nothing", [], "None", "a function that returns None"),
        (
            "an_error_as_value",
            [],
            "ValueError('this is a result')",
            "a function that returns (not raises) a ValueError",
        ),
    )
    for job, arguments, want, told in wanted:
        outcome = _call(subject, job, arguments)
        expect(
            outcome.get("returned") == want,
            f"For {told}, run_job should return {want}; it {_got(outcome)}.",
            "Send along whether the answer is a result or an error: the value alone does not tell.",
        )


@only("node")
def test_data_in_result_out(subject: Subject):
    """The worker gets the data as its workerData, and its message is the result."""
    data = {"job": "echo", "text": "Grüße", "list": [1, 2.5, None, [True]]}
    outcome = _call(subject, **data)
    want = "{ job: 'echo', text: 'Grüße', list: [ 1, 2.5, null, [ true ] ] }"
    expect(
        outcome.get("returned") == want,
        f"A worker that posts its workerData back should give {want}; runJob {_got(outcome)}.",
        "The data goes in as new Worker(file, { workerData: data, … }).",
    )
    for value, want in ((0, "0"), (None, "null"), ("", "''"), (False, "false")):
        outcome = _call(subject, "say", what=value)
        expect(
            outcome.get("returned") == want,
            f"A worker whose first message is {want}: runJob should resolve with it; it {_got(outcome)}.",
            "Any value can be a result: ask whether a message came, not what it is worth.",
        )


@only("node")
def test_first_message_counts(subject: Subject):
    """The first message is the result, also of a worker that would go on."""
    outcome = _call(subject, "twice")
    expect(
        outcome.get("returned") == "'the first'",
        f"A worker posted 'the first', then 'the second', and went on: runJob should resolve with 'the first'; "
        f"it {_got(outcome)}.",
        "Settle at the first message: who waits for the exit of such a worker waits for ever.",
    )


@only("node")
def test_path_or_url(subject: Subject):
    """The file may be given as a path, too."""
    data = {"job": "say", "what": 7}
    outcome = subject.run_calm("calling", data=data, timeoutMs=LONG * 1000, asPath=True).returns[0]
    expect(
        outcome.get("returned") == "7",
        f"With a path instead of a URL it should resolve with 7; it {_got(outcome)}.",
        "new Worker takes both as they are: hand it on unchanged.",
    )


@only("python")
def test_big_result(subject: Subject):
    """A result of several megabytes comes back as well."""
    outcome = _call(subject, "letters", [5_000_000])
    expect(
        outcome.get("returned") == "5000000 letters",
        f"For a function that returns 5,000,000 letters, it {_got(outcome)}.",
        "A process ends only when its answer is read: receive first, join afterwards.",
    )


def test_in_a_worker_of_its_own(subject: Subject):
    """Each job runs in a worker of its own, and at the same time as its caller."""
    if subject.runtime == "python":
        met, here = subject.run_calm("meeting").returns
        outcomes = [met, _call(subject, "process_id")]
    else:
        met = subject.run_calm("meeting").returns[0]
        outcomes, here = [met, _call(subject, "thread")], met["here"]
    what = {"python": "process", "node": "thread"}[subject.runtime]
    for outcome in outcomes:
        expect(
            outcome.get("value") is not None,
            f"For a job that gives the id of its {what}, {WHO[subject.runtime]} {_got(outcome)}.",
        )
    there = [outcome["value"] for outcome in outcomes]
    expect(
        here not in there,
        f"The caller is {what} {here}; the jobs ran in {there[0]} and {there[1]}.",
        {
            "python": "Start a multiprocessing.Process: a thread would share this process, and could not be ended.",
            "node": "Start a new Worker.",
        }[subject.runtime],
    )
    expect(
        len(set(there)) == len(there),
        f"Two jobs ran in the same {what}, {there[0]}: not each in a new one.",
        "One job, one worker.",
    )


def test_error_comes_back(subject: Subject):
    """An error in the worker is an error here, with its type and message."""
    for told, job, arguments, name, message in ERRORS[subject.runtime]:
        outcome = _call(subject, job, **arguments) if subject.runtime == "node" else _call(subject, job, arguments)
        want = f"{name}: {message}"
        got = f"{outcome.get('raised')}: {outcome.get('message')}" if "raised" in outcome else outcome.get("rejected")
        expect(
            got == want,
            f"For {told} {want}, {WHO[subject.runtime]} should {RAISE[subject.runtime]} the same; it {_got(outcome)}.",
            {
                "python": "Catch it in the worker, send the exception itself, and raise it here: it can be pickled.",
                "node": "The worker's `error` event brings it: reject with what it brings.",
            }[subject.runtime],
        )
    if subject.runtime == "node":
        outcome = _call(subject, "failWithAValue", value={"reason": 7})
        expect(
            outcome.get("rejected") == "{ reason: 7 }",
            f"For a worker that throws {{ reason: 7 }}, runJob should reject with that object; it {_got(outcome)}.",
            "Reject with the value of the `error` event itself, not with an Error made from it.",
        )


RAISE = {"python": "raise", "node": "reject with"}
ERRORS = {
    "python": (
        ("a function that raises", "divide", [1, 0], "ZeroDivisionError", "division by zero"),
        ("a function that raises", "look_up", ["b"], "KeyError", "'b'"),
        ("a function that raises", "refuse", ["bread"], "OutOfStock", "no bread left"),
    ),
    "node": (
        ("a worker that throws", "fail", {"message": "too far"}, "RangeError", "too far"),
        ("a worker that throws, a moment later,", "failLater", {"message": "too late"}, "RangeError", "too late"),
    ),
}


def test_end_without_a_result(subject: Subject):
    """A worker that ends without a result is an error that names the exit code."""
    for told, job, arguments, code in ENDINGS[subject.runtime]:
        outcome = _call(subject, job, **arguments) if subject.runtime == "node" else _call(subject, job, arguments)
        message = outcome.get("message", outcome.get("rejected"))
        expect(
            "returned" not in outcome and not _timed_out(outcome),
            f"The worker {told}, and gave no result. That is an error; {WHO[subject.runtime]} {_got(outcome)}.",
            "A worker can end without a word. Wait for its end as well as for its answer.",
        )
        expect(
            outcome.get("isError", True) and code in message,
            f"The worker {told}: the error should name the exit code {code}; {WHO[subject.runtime]} {_got(outcome)}.",
            {
                "python": "After join(), the process's `exitcode` tells; a negative one is the signal that ended it.",
                "node": "The `exit` event brings the code.",
            }[subject.runtime],
        )


ENDINGS = {
    "python": (
        ("called os._exit(3)", "leave", [3], "3"),
        ("called os._exit(0)", "leave", [0], "0"),
        ("was killed by signal 9", "be_killed", [], "-9"),
    ),
    "node": (
        ("called process.exit(3)", "leave", {"code": 3}, "3"),
        ("came to its end", "forget", {}, "0"),
    ),
}


def test_time_limit(subject: Subject):
    """A job that takes too long is a time-out."""
    for job in {"python": ("sleep_for_ever",), "node": ("spin", "listen")}[subject.runtime]:
        outcome = _call(subject, job, seconds=SHORT)
        want = {"python": "raise a TimeoutError", "node": "reject with an Error whose code is 'ETIMEDOUT'"}
        expect(
            _timed_out(outcome),
            f"The job never ends, and the limit is {SHORT:g} s: {WHO[subject.runtime]} should {want[subject.runtime]}; "
            f"it {_got(outcome)}.",
            {
                "python": "Wait timeout_s seconds for the answer, no longer. multiprocessing.TimeoutError is another.",
                "node": "A timer beside the worker: when it rings first, reject.",
            }[subject.runtime],
        )


def test_late_worker_is_gone(subject: Subject):
    """After the time limit the worker is terminated."""
    job = {"python": "sleep_for_ever", "node": "spin"}[subject.runtime]
    outcome = _call(subject, job, seconds=SHORT, look=True)
    _nothing_left(subject, outcome, "after a time-out")


def test_nothing_stays(subject: Subject):
    """After a result, an error or an early end, no worker and no handle stays."""
    if subject.runtime == "python":
        jobs = (("a result", "add", [2, 3]), ("an error", "divide", [1, 0]), ("an early end", "leave", [3]))
        for told, job, arguments in jobs:
            _nothing_left(subject, _call(subject, job, arguments), f"after {told}")
        calls = [[job, arguments, LONG] for _, job, arguments in jobs]
        counted = subject.run_calm("counting_handles", calls=calls).returns[0]
        expect(
            counted["more"] < counted["calls"],
            f"After {counted['calls']} more calls, this process holds {counted['more']} more open files.",
            "Close both ends of the pipe or the queue, also when the job failed: a server calls this a million times.",
        )
        return
    for told, job, data in (
        ("a result", "say", {"what": 1}),
        ("the result of a worker that would go on", "twice", {}),
        ("an error", "fail", {"message": "too far"}),
        ("an early end", "leave", {"code": 3}),
    ):
        _nothing_left(subject, _call(subject, job, look=True, **data), f"after {told}")


@only("node")
def test_transfer(subject: Subject):
    """Buffers in `transfer` are moved, others are copied."""
    size = 1_000
    for moved in (False, True):
        outcome = subject.run_calm("summing", bytes=size, moved=moved).returns[0]
        expect(
            outcome.get("value") == size,
            f"A worker adds up {size} ones of a buffer that is {'moved' if moved else 'copied'}: it {_got(outcome)}.",
            "A buffer that was moved has no bytes here any more: do not look at it afterwards, and hand it over once.",
        )
        expect(
            outcome["here"] == (0 if moved else size),
            f"The buffer was {'' if moved else 'not '}in `transfer`: it should have {0 if moved else size} bytes "
            f"here afterwards; it has {outcome['here']}.",
            "The list goes into the options of new Worker, as transferList.",
        )


# -- helpers ------------------------------------------------------------------


def _call(subject: Subject, job, arguments=(), seconds=LONG, look=False, **data):
    if subject.runtime == "python":
        return _called(subject, json.dumps({"job": job, "arguments": list(arguments), "timeout_s": seconds}))
    return _called(
        subject, json.dumps({"data": {"job": job, **data}, "timeoutMs": round(seconds * 1000), "look": look})
    )


@cache  # a worker takes a while to start: what one check saw, another need not see again
def _called(subject: Subject, params):
    return subject.run_calm("calling", **json.loads(params)).returns[0]


def _got(outcome):
    if "returned" in outcome:
        return f"gave {outcome['returned']}"
    if "raised" in outcome:
        return f"raised {outcome['raised']}: {outcome['message']}".removesuffix(": ")
    return f"rejected with {outcome['rejected']}"


def _timed_out(outcome):
    return bool(outcome.get("timeout") or (outcome.get("isError") and outcome.get("code") == "ETIMEDOUT"))


def _nothing_left(subject: Subject, outcome, when):
    if subject.runtime == "python":
        left = outcome["processes"]
        zombies = [status for status in left if status == "zombie"]
        if zombies:
            raise Failure(
                f"{when.capitalize()}, the worker has ended, but nobody took note: the system keeps its entry.",
                "join() it: that waits until it is gone, and clears it away.",
            )
        expect(
            not left,
            f"{when.capitalize()}, the worker is still there ({', '.join(left)}).",
            "terminate() it, then join() it, in a `finally`, so that it happens however the job ended.",
        )
        expect(
            not outcome["threads"],
            f"{when.capitalize()}, a thread of this process is still there: {', '.join(outcome['threads'])}.",
            "Whatever run_job starts must have ended when it returns.",
        )
        return
    expect(
        outcome["workers"] <= 0,
        f"{when.capitalize()}, a worker is still running.",
        "worker.terminate() ends it wherever it is, in an endless loop too; a rejected promise does not.",
    )
    expect(
        not outcome["handles"],
        f"{when.capitalize()}, the program is kept alive by: {', '.join(outcome['handles'])}.",
        "clearTimeout the timer as soon as something else has settled the promise.",
    )
