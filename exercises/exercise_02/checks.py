"""The checks of exercise 2, for both languages."""

from functools import cache

from telling import begun, listed, peak, place, short

from mtlearn.grading.checks import Failure, Subject, expect, only
from mtlearn.grading.stateful.script import refused

ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}
MAX = {"python": "max_workers", "node": "maxWorkers"}
GOOD_IO, GOOD_CPU = ("io", "answer_later", [1, 0]), ("cpu", "multiply", [2, 3])
ALL_OVER = "Whoever catches the error thinks that all is over. Wait for everything that was started, then raise."


def _numbered(*numbers):
    return [("cpu", "compute", ["LOG", number]) for number in numbers]


def _waits_for(*numbers):
    return ("cpu", "wait_for", ["LOG", numbers, 2.0])


# Two that meet, three that would meet if there were a worker more, and two that wait for the next two after them.
BUSY = {
    1: [*[("cpu", "meet", ["LOG", 2, 0.2])] * 2, *_numbered(0, 1, 2, 3)],
    2: [
        *[("cpu", "meet", ["LOG", 2, 2.5])] * 2,
        *[("cpu", "meet", ["LOG", 5, 0.2])] * 3,
        *_numbered(0, 1, 2),
        _waits_for(3, 4),
        *_numbered(3, 4, 5),
        _waits_for(6, 7),
        *_numbered(6, 7),
    ],
}


def test_results(subject: Subject):
    """The results come in the order of the jobs, whichever ends first."""
    waits = ((10, 40), (None, 0), (50, 10))
    slow, quick, between = (("io", "answer_later", [number, turns]) for number, turns in waits)
    jobs = [slow, ("cpu", "multiply", [4, 0]), quick, ("cpu", "multiply", [8, 5]), between]
    results = _given(_call(subject, jobs, 1))
    nothing = {"python": "None", "node": "null"}[subject.runtime]
    told = f"Jobs that give 10, 0, {nothing}, 40 and 50 should give them in this order; it was {listed(results)}."
    expect(results == [10, 0, None, 40, 50], told, "The job that ends first need not be the first of the list.")
    if subject.runtime == "node":
        results = _given(_call(subject, [("cpu", "give_undefined", []), ("io", "answer_later", [])], 1))
        told = f"Two jobs that give `undefined` should give it; it was {listed(results)}."
        expect(results == ["undefined"] * 2, told, "JSON has no `undefined`. postMessage sends it as it is.")


def test_no_jobs(subject: Subject):
    """An empty list of jobs gives an empty list of results."""
    results = _given(_call(subject, [], 2))
    expect(results == [], f"Without jobs the result should be an empty list, not {results!r}.")


def test_only_one_kind(subject: Subject):
    """A list of only I/O jobs works, and a list of only CPU jobs."""
    results = _given(_call(subject, [GOOD_IO], 1))
    expect(results == [1], f'One "io" job that gives 1 should give [1], not {results!r}.')
    _results(_busy(subject, 1))


def test_io_on_the_loop(subject: Subject):
    """I/O jobs run on the loop that called, on its thread."""
    outcome = _call(subject, [("io", "answer", [number, 3]) for number in range(3)], 2)
    here = outcome["here"]
    for ran in _results(outcome):
        told = f"An I/O job ran {place(subject, ran)}; the loop runs {place(subject, here)}."
        help = "An I/O job waits most of its time, and the loop can wait for many: a worker for it is a waste."
        expect((ran["process"], ran["thread"]) == (here["process"], here["thread"]), told, help)
        told = "An I/O job ran on another event loop than the one that called."
        expect(ran.get("loop") == here.get("loop"), told, "Await it here: asyncio.run makes a new loop.")


def test_io_all_at_once(subject: Subject):
    """All I/O jobs are under way at once, however few workers there may be."""
    met = min(
        ran["met"] for ran in _results(_call(subject, [("io", "answer", [number, 20]) for number in range(20)], 1))
    )
    told = f"Of 20 I/O jobs, only {met} had begun when the first had waited 2,000 turns of the loop for the rest."
    expect(met == 20, told, "Begin them all before you wait for one. The number of workers is no limit for them.")


def test_both_at_once(subject: Subject):
    """I/O jobs and CPU jobs are under way at the same time: neither waits for the other kind to end."""
    jobs = [("io", "join", ["LOG", 2, 2.5]), ("cpu", "meet", ["LOG", 2, 2.5])]
    for (kind, other), ran in zip((("I/O", "CPU"), ("CPU", "I/O")), _results(_call(subject, jobs, 1)), strict=True):
        told = f"With one {kind} job and one {other} job, the {kind} job waited for the {other} job to begin, in vain."
        expect(ran["met"] == 2, told, "Begin all of them, then wait for all of them.")


def test_cpu_off_the_loop(subject: Subject):
    """CPU jobs run where they can truly run beside the loop."""
    outcome = _busy(subject, 2)
    here = outcome["here"]
    for ran in _results(outcome):
        same_process, same_thread = ran["process"] == here["process"], ran["thread"] == here["thread"]
        told = "A CPU job ran on the thread of the event loop: nothing else could run meanwhile."
        help = "`async` around it changes nothing: it has to be handed to somebody else."
        expect(not (same_process and same_thread), told, help)
        if subject.runtime == "python":
            told = "A CPU job ran in a thread of this process: the GIL lets one thread at a time run Python code."
            expect(not same_process, told, "Only a process of its own runs pure Python truly beside it.")
        else:
            told = "A CPU job ran in another process, where a Worker was asked for."
            expect(same_process and not ran["main"], told, "A Worker is a thread of this process: `new Worker(…)`.")


def test_cpu_in_parallel(subject: Subject):
    """With two workers, two CPU jobs run at the same time."""
    first, second, *_ = _results(_busy(subject, 2))
    told = "Of two CPU jobs, the first waited 2.5 seconds for the second to begin, and it did not."
    help = f"Hand out both before you wait for one; {MAX[subject.runtime]} says how many may run at once."
    expect(first["met"] > 1 and second["met"] > 1, told, help)


def test_workers_are_reused(subject: Subject):
    """A worker takes one CPU job after the other: no more than max_workers are started."""
    help = "To start a worker costs more than most jobs. Start them once, and hand each its next job when it is done."
    for workers in (2, 1):
        _results(_busy(subject, workers))
        used = len({who for who, *_ in begun(_busy(subject, workers))})
        told = f"{len(BUSY[workers])} CPU jobs with {MAX[subject.runtime]} = {workers} were done by {used} different"
        expect(used <= workers, f"{told} workers.", help)


def test_never_too_many(subject: Subject):
    """Never more than max_workers CPU jobs run at once."""
    for workers in (1, 2):
        _results(_busy(subject, workers))
        most = peak(_busy(subject, workers)["log"])
        told = f"With {MAX[subject.runtime]} = {workers}, {most} CPU jobs ran at once."
        expect(most <= workers, told, "The limit counts what runs at the same moment.")


def test_nothing_is_dealt_out(subject: Subject):
    """A worker that is done takes the CPU job that has waited longest, whichever it is."""
    expect(
        all(ran.get("waited") != "in vain" for ran in _results(_busy(subject, 2))),
        "With two workers, one CPU job waited two seconds for the next two of the list to end, and they did not, "
        "though the other worker was idle.",
        "Nothing is dealt out beforehand: not every second job to each worker, and not in chunks. Keep one list, "
        "and let a worker that is done take the next from it.",
    )
    _results(_busy(subject, 1))
    order = [int(number) for _, *numbers in begun(_busy(subject, 1)) for number in numbers]
    told = f"With one worker, CPU jobs with the numbers {listed(sorted(order))} began in the order {listed(order)}."
    help = "The job that has waited longest is the first of those that wait, not the last."
    expect(order != sorted(order, reverse=True), told, help)  # any other may come of jobs that threads hand over


def test_errors_are_raised(subject: Subject):
    """What a job raises is raised, with its message, and ends nobody else's job."""
    for kind, job, text, type_name in (
        ("CPU", ("cpu", "fail", ["no such colour"]), "no such colour", "LookupError"),
        ("I/O", ("io", "fail_after", ["line is dead", 3]), "line is dead", "ConnectionError"),
    ):
        _fails(subject, [GOOD_IO, job, GOOD_CPU], f"The {kind} job", text, type_name)


def test_first_error(subject: Subject):
    """Of several errors, the first is raised."""
    jobs = [GOOD_IO, ("io", "fail_after", ["the first", 0]), ("io", "fail_after", ["the second", 20])]
    _fails(subject, jobs, "The first job that failed", "the first")


def test_io_has_ended(subject: Subject):
    """When an error is raised, no I/O job is under way any more."""
    outcome = _fails(subject, [("io", "fail_after", ["line is dead", 0]), ("io", "wait_on", [])])
    expect(outcome["io_left"] == 0, "The error was raised while another I/O job was still under way.", ALL_OVER)


def test_cpu_has_ended(subject: Subject):
    """When an error is raised, no CPU job is under way any more, and no worker is left."""
    outcome = _fails(subject, [("io", "fail_when_begun", ["line is dead", "LOG"]), ("cpu", "linger", ["LOG"])])
    expect(not outcome["cpu_left"], "The error was raised while a CPU job was still under way.", ALL_OVER)
    left = outcome["workers_left"]
    told = f"When the error was raised, {'a worker' if left == 1 else f'{left} workers'} lived on."
    expect(not left, told, "Whoever starts workers ends them, and waits for their end, however the call ends.")


@only("python")
def test_cancelled_is_no_result(subject: Subject):
    """An I/O job that was cancelled has failed, too."""
    outcome = _call(subject, [GOOD_IO, ("io", "be_cancelled", [])], 1)
    told = f"An I/O job ended with CancelledError, and the call returned {short(outcome.get('gave'))}."
    expect("raised" in outcome, told, "CancelledError is a BaseException, and no Exception.")


@only("node")
def test_anything_can_be_thrown(subject: Subject):
    """A job that throws has failed, whatever it throws: `undefined`, too."""
    help = "Ask whether it failed, not what it threw: the value alone does not tell."
    for kind, name, value in (
        ("cpu", "throw_undefined", "undefined"),
        ("cpu", "throw_null", "null"),
        ("io", "reject_with_undefined", "undefined"),
    ):
        outcome = _call(subject, [(kind, name, []), GOOD_IO], 1)
        got = refused(outcome)[:200] if "raised" in outcome else f"the call returned {short(outcome['gave'])}"
        expect(outcome.get("message") == value, f'A "{kind}" job threw `{value}`: {got}.', help)


# -- helpers ------------------------------------------------------------------


@cache  # workers take a while to start: what one check saw, another need not see again
def _busy(subject: Subject, max_workers):
    return _call(subject, BUSY[max_workers], max_workers, patience=2)  # for some, each job is a process to start


def _call(subject: Subject, jobs, max_workers, patience=1):
    return subject.run_calm("calling", patience=patience, jobs=jobs, max_workers=max_workers).returns[0]


def _results(outcome):
    """What the call gave, which must be a list of the results that these jobs give."""
    results = _given(outcome)
    listed = isinstance(results, list) and all(isinstance(result, dict) for result in results)
    expect(listed, f"It should return a list with the result of each job; it returned {short(results)}.")
    return results


def _given(outcome):
    if "raised" in outcome:
        raise Failure(f"It ended with {refused(outcome)[:200]}.")
    return outcome["gave"]


def _error(subject: Subject, outcome, what):
    got = refused(outcome)[:200] if "raised" in outcome else f"it gave {short(outcome['gave'])}"
    expect(outcome.get("fitting", False), f"{what} should be {ERROR[subject.runtime]}: {got}.")


def _fails(subject: Subject, jobs, who="The I/O job", text="line is dead", type_name="ConnectionError"):
    """One of the jobs fails, and that is what must come of the call; the outcome."""
    outcome = _call(subject, jobs, 1)
    if "raised" not in outcome:
        told = f'{who} failed with "{text}", and the call returned {short(outcome["gave"])}.'
        raise Failure(told, "An error that is only returned is overlooked: raise it.")
    told = f'{who} failed with "{text}", but what was raised is {refused(outcome)[:200]}.'
    right_type = subject.runtime == "node" or outcome["raised"] == type_name
    expect(text in outcome["message"] and right_type, told, "Raise the job's own error, the first there was.")
    return outcome


# What a call may be given is checked last: it is not what the exercise is about.


def test_max_workers_is_checked(subject: Subject):
    """Fewer than one worker is an error, whatever the jobs."""
    for jobs, what in (([GOOD_CPU], 'a "cpu" job'), ([GOOD_IO], 'an "io" job'), ([], "no jobs")):
        for count in (0, -1):
            _error(subject, _call(subject, jobs, count), f"{MAX[subject.runtime]} = {count}, with {what},")


def test_kinds_are_checked(subject: Subject):
    """A kind that is neither "cpu" nor "io" is an error."""
    for kind in ("gpu", "CPU", ""):
        for _, *job in (GOOD_CPU, GOOD_IO):
            _error(subject, _call(subject, [GOOD_IO, (kind, *job)], 2), f'A job of the kind "{kind}"')
