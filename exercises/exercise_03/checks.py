"""The checks of exercise 3, for both languages: how each ending of a worker reaches the caller, and what it leaves."""

import json
from functools import cache
from types import SimpleNamespace

from mtlearn.grading.checks import Failure, Subject, expect, only
from mtlearn.grading.stateful.script import listed

LONG, SHORT, DEAF = 60, 0.3, 0.5  # seconds; no job here needs the first

IN = {
    "python": SimpleNamespace(
        who="run_job",
        gives="return",
        raises="raise",
        raised="raised",
        unit="process",
        worker="Start a multiprocessing.Process: a thread would share this process, and could not be ended.",
        error="Catch it in the worker, send the exception itself, and raise it here: it can be pickled.",
        errors=(
            ("a function that raises", "divide", [1, 0], "ZeroDivisionError: division by zero"),
            ("a function that raises", "look_up", ["b"], "KeyError: 'b'"),
            ("a function that raises", "refuse", ["bread", "milk"], "OutOfStock: no bread and no milk left"),
        ),
        end="After join(), the process's `exitcode` tells; a negative one is the signal that ended it.",
        ends=(
            ("called os._exit(3)", "leave", [3], "3"),
            ("called os._exit(0)", "leave", [0], "0"),
            ("was killed by signal 9", "be_killed", [], "-9"),
        ),
        late="raise a TimeoutError",
        limit="Wait timeout_s seconds for the answer, no longer. multiprocessing.TimeoutError is another.",
        endless=[("sleep_for_ever", [])],
        ended=(("a result", "nothing", []), ("an error", "divide", [1, 0]), ("an early end", "leave", [3])),
        left={
            "zombies": ("the worker has ended, but nobody took note: the system keeps its entry.", "join() it."),
            "workers": ("the worker is still there ({}).", "End it, then join() it, however the job ended: `finally`."),
            "threads": ("a thread of this process is still there: {}.", "Whatever you start must have ended."),
        },
    ),
    "node": SimpleNamespace(
        who="runJob",
        gives="resolve with",
        raises="reject with",
        raised="rejected with",
        unit="thread",
        worker="Start a new Worker.",
        error="The worker's `error` event brings it: reject with what it brings, whatever that is.",
        errors=(
            ("a worker that throws", "fail", {"message": "too far"}, "RangeError: too far"),
            ("a worker that throws, a moment later,", "failLater", {"message": "too late"}, "RangeError: too late"),
            ("a worker that throws", "failWithAValue", {"value": {"reason": 7}}, "{ reason: 7 }"),
        ),
        end="The `exit` event brings the code.",
        ends=(("called process.exit(3)", "leave", {"code": 3}, "3"), ("came to its end", "forget", {}, "0")),
        late="reject with an Error whose code is 'ETIMEDOUT'",
        limit="A timer beside the worker: when it rings first, reject.",
        endless=[("spin", {}), ("listen", {})],
        ended=(
            ("a result", "say", {"what": 0}),
            ("the result of a worker that would go on", "twice", {}),
            ("an error", "fail", {"message": "too far"}),
            ("an early end", "leave", {"code": 3}),
        ),
        left={
            "workers": ("a worker is still running.", "worker.terminate() ends it; a rejected promise does not."),
            "ending": ("a worker was still ending.", "terminate() gives a Promise: await it, and settle then."),
            "handles": ("the program is kept alive by: {}.", "clearTimeout the timer once the promise is settled."),
            "timers": ("a timer is still set.", "unref() lets a program end without it: clearTimeout it."),
            "listeners": ("`process` has one more listener, for {}.", "It does not go with the worker: take it off."),
        },
    ),
}

PILES = {
    "files": ("open files", "Close both ends of the pipe or the queue, also when the job failed."),
    "exit functions": ("functions to be called at exit", "Take out what you register there, or do without it."),
}


@only("python")
def test_result_comes_back(subject: Subject):
    """What the function returns is returned, whatever it is."""
    help = "Send along whether the answer is a result or an error: the value alone does not tell."
    _gives(subject, "5", "add(2, 3)", "add", [2, 3], help)
    _gives(subject, "None", "a function that returns None", "nothing", [], help)
    told = "a function that returns (not raises) a ValueError"
    _gives(subject, "ValueError('this is a result')", told, "an_error_as_value", [], help)


@only("node")
def test_data_in_result_out(subject: Subject):
    """The worker gets the data as its workerData, and its message is the result."""
    want = "{ job: 'echo', text: 'Grüße', list: [ 1, 2.5, null, [ true ] ] }"
    data = {"text": "Grüße", "list": [1, 2.5, None, [True]]}
    help = "The data goes in as new Worker(file, { workerData: data, … })."
    _gives(subject, want, "a worker that posts its workerData back", "echo", data, help)
    help = "Any value can be a result: ask whether a message came, not what it is worth."
    for value, want in ((0, "0"), (None, "null"), ("", "''"), (False, "false")):
        _gives(subject, want, f"a worker whose first message is {want}", "say", {"what": value}, help)
    help = "Which event brought it says whether it is a result or an error, not what it is."
    told = "a worker whose first message is (not one that throws) an Error"
    _gives(subject, "RangeError: this is a result", told, "sayAnError", {}, help)


@only("node")
def test_first_message_counts(subject: Subject):
    """The first message is the result, also of a worker that would go on."""
    told = "a worker that posts 'the first', then 'the second', and goes on"
    _gives(subject, "'the first'", told, "twice", {}, "Such a worker never exits: settle at the first message.")


@only("node")
def test_path_or_url(subject: Subject):
    """The file may be given as a path, too."""
    _gives(subject, "7", "a path instead of a URL", "say", {"what": 7}, "Hand it on unchanged.", as_path=True)


@only("python")
def test_big_result(subject: Subject):
    """A result of several megabytes comes back as well."""
    help = "A process ends only when its answer is read: receive first, join afterwards."
    _gives(subject, "5000000 letters", "a function that returns 5,000,000 letters", "letters", [5_000_000], help)


def test_in_a_worker_of_its_own(subject: Subject):
    """Each job runs in its own worker, and at the same time as its caller."""
    words, returns = IN[subject.runtime], subject.run_calm("meeting").returns
    met, here = returns[0] if subject.runtime == "node" else returns
    outcomes = [met, _call(subject, "who", [] if subject.runtime == "python" else {})]
    for outcome in outcomes:
        told = f"For a job that gives the id of its {words.unit}, {words.who} {_got(words, outcome)}."
        expect(outcome.get("value") is not None, told)
    there = [outcome["value"] for outcome in outcomes]
    told = f"The caller is {words.unit} {here}; the jobs ran in {there[0]} and {there[1]}."
    expect(here not in there, told, words.worker)
    told = f"Two jobs ran in the same {words.unit}, {there[0]}: not each in a new one."
    expect(there[0] != there[1], told, "One job, one worker.")


def test_error_comes_back(subject: Subject):
    """An error in the worker is an error here, with its type and message."""
    words = IN[subject.runtime]
    for told, job, data, want in words.errors:
        outcome = _call(subject, job, data)
        told = f"For {told} {want}, {words.who} should {words.raises} the same; it {_got(words, outcome)}."
        expect(_error(outcome) == want, told, words.error)


def test_end_without_a_result(subject: Subject):
    """A worker that ends without a result is an error that names the exit code."""
    words = IN[subject.runtime]
    for told, job, data, code in words.ends:
        outcome = _call(subject, job, data)
        expect(
            "raised" in outcome and not outcome["timeout"],
            f"The worker {told}, and gave no result. That is an error; {words.who} {_got(words, outcome)}.",
            "A worker can end without a word. Wait for its end as well as for its answer.",
        )
        told = f"The worker {told}: the error should name the exit code {code}; {words.who} {_got(words, outcome)}."
        expect(outcome["raised"] != "a value" and code in outcome["message"], told, words.end)


def test_time_limit(subject: Subject):
    """A job that takes too long is a time-out."""
    for job, data in IN[subject.runtime].endless:
        _times_out(subject, _call(subject, job, data, SHORT), "never ends", SHORT)


def test_late_worker_is_gone(subject: Subject):
    """After the time limit the worker is terminated."""
    job, data = IN[subject.runtime].endless[0]
    _nothing_left(subject, _call(subject, job, data, SHORT), "a time-out")


@only("python")
def test_deaf_worker_is_gone(subject: Subject):
    """A worker that ignores the request to end is gone within a second after the limit, too."""
    outcome, late = subject.run_calm("calling_the_deaf", timeout_s=DEAF).returns
    expect(
        not late,
        f"The job ignores SIGTERM, the limit is {DEAF:g} s. More than a second after it the worker was still there.",
        "terminate() asks, and the worker may ignore it. kill() does not ask. Do not wait long in between.",
    )
    _times_out(subject, outcome, "ignores SIGTERM", DEAF)
    _nothing_left(subject, outcome, "a time-out")


def test_nothing_stays(subject: Subject):
    """After a result, an error or an early end, nothing stays: no worker, no handle, no timer, no listener."""
    calls = [(told, _call(subject, job, data)) for told, job, data in IN[subject.runtime].ended]
    for told, outcome in calls:
        _nothing_left(subject, outcome, told)
    for kind, (what, help) in PILES.items():
        more = [outcome["more"].get(kind, 0) for _, outcome in calls]  # one alone may be what is kept for the next
        told = f"After each of {len(more)} more calls, this process holds more {what}."
        expect(min(more) < 1, told, f"{help} A server calls this a million times.")


@only("node")
def test_transfer(subject: Subject):
    """Buffers in `transfer` are moved, others are copied."""
    help = "A buffer that was moved has no bytes here any more: hand it over once, and do not look at it again."
    for moved, how, left in ((False, "copied", 1_000), (True, "moved", 0)):
        told = f"a worker that adds up 1000 ones of a buffer that is {how}"
        here = _gives(subject, "1000", told, "sum", {"bytes": 1_000}, help, moved=moved)["here"]
        told = f"A buffer that is to be {how} should have {left} bytes here afterwards; it has {here}."
        expect(here == left, told, "`transfer` goes into the options of new Worker, as its transferList.")


# -- helpers ------------------------------------------------------------------


def _call(subject: Subject, job, data, seconds=LONG, **how):
    return _called(subject, json.dumps({"job": job, "data": data, "timeout_s": seconds, **how}))


@cache  # a worker takes a while to start: what one check saw, another need not see again
def _called(subject: Subject, params):
    return subject.run_calm("calling", **json.loads(params)).returns[0]


def _gives(subject: Subject, want, told, job, data, help, **how):
    words, outcome = IN[subject.runtime], _call(subject, job, data, **how)
    told = f"For {told}, {words.who} should {words.gives} {want}; it {_got(words, outcome)}."
    expect(outcome.get("gave") == want, told, help)
    return outcome


def _times_out(subject: Subject, outcome, told, seconds):
    words = IN[subject.runtime]
    told = (
        f"The job {told}, and the limit is {seconds:g} s: {words.who} should {words.late}; it {_got(words, outcome)}."
    )
    expect(outcome.get("timeout", False), told, words.limit)


def _got(words, outcome):
    return f"gave {outcome['gave']}" if "gave" in outcome else f"{words.raised} {_error(outcome)}"


def _error(outcome):
    """An error as text; a value that was thrown, as it is written."""
    if outcome.get("raised") == "a value":
        return outcome["message"]
    return f"{outcome.get('raised')}: {outcome.get('message')}".removesuffix(": ")


def _nothing_left(subject: Subject, outcome, when):
    for kind, (told, help) in IN[subject.runtime].left.items():
        if left := outcome["left"][kind]:
            raise Failure(f"After {when}, {told.format(listed(left))}", help)
