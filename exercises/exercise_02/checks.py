"""The checks of exercise 2, for both languages."""

from mtlearn.grading.checks import Failure, Subject, expect

ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}


def test_loads(subject: Subject):
    """The file loads and has the name that is asked for."""
    subject.load()


def test_results(subject: Subject):
    """The results come in the order of the jobs, whichever ends first."""
    jobs = [
        ("io", "answer_later", [10, 40]),
        ("cpu", "multiply", [4, 5]),
        ("io", "answer_later", [30, 0]),
        ("cpu", "multiply", [8, 5]),
        ("io", "answer_later", [50, 10]),
    ]
    results = _results(subject, jobs, 2)
    expect(
        results == [10, 20, 30, 40, 50],
        f"Jobs that give 10, 20, 30, 40 and 50 should give them in this order; it was {_listed(results)}.",
        "The job that ends first need not be the first of the list.",
    )


def test_no_jobs(subject: Subject):
    """An empty list of jobs gives an empty list of results."""
    results = _results(subject, [], 2)
    expect(results == [], f"Without jobs the result should be an empty list, not {results!r}.")


def test_only_one_kind(subject: Subject):
    """A list of only I/O jobs works, and a list of only CPU jobs."""
    for jobs in ([("io", "answer_later", [1, 0])], [("cpu", "multiply", [1, 1])]):
        results = _results(subject, jobs, 1)
        expect(results == [1], f'One "{jobs[0][0]}" job that gives 1 should give [1], not {results!r}.')


def test_max_workers_is_checked(subject: Subject):
    """Fewer than one worker is an error, whatever the jobs."""
    for jobs, what in (
        ([("cpu", "multiply", [2, 3])], 'a "cpu" job'),
        ([("io", "answer_later", [1, 0])], 'an "io" job'),
        ([], "no jobs"),
    ):
        for count in (0, -1):
            _error(subject, _call(subject, jobs, count), f"{_name(subject, 'max_workers')} = {count}, with {what},")


def test_kinds_are_checked(subject: Subject):
    """A kind that is neither "cpu" nor "io" is an error."""
    for kind in ("gpu", "CPU", ""):
        for function, arguments in (("multiply", [2, 3]), ("answer_later", [1, 0])):
            outcome = _call(subject, [("io", "answer_later", [1, 0]), (kind, function, arguments)], 2)
            _error(subject, outcome, f'A job of the kind "{kind}"')


def test_io_on_the_loop(subject: Subject):
    """I/O jobs run on the loop that called, on its thread."""
    outcome = _call(subject, [("io", "answer", [number, 3]) for number in range(3)], 2)
    here = outcome["here"]
    for ran in _returned(outcome):
        expect(
            (ran["process"], ran["thread"]) == (here["process"], here["thread"]),
            f"An I/O job ran {_place(subject, ran)}; the loop runs {_place(subject, here)}.",
            "An I/O job waits most of its time, and the loop can wait for many at once: a worker for it is a waste.",
        )
        expect(
            ran.get("loop") == here.get("loop"),
            "An I/O job ran on another event loop than the one that called.",
            "Await it here: asyncio.run makes a new loop.",
        )


def test_io_all_at_once(subject: Subject):
    """All I/O jobs are under way at once, however few workers there may be."""
    outcome = _call(subject, [("io", "answer", [number, 20]) for number in range(20)], 1)
    met = min(ran["met"] for ran in _returned(outcome))
    expect(
        met == 20,
        f"Of 20 I/O jobs, only {met} had begun when the first of them had waited 2,000 turns of the loop for the rest.",
        "Begin them all before you wait for one. The number of workers is no limit for them.",
    )


def test_cpu_off_the_loop(subject: Subject):
    """CPU jobs run where they can truly run beside the loop."""
    outcome = _call(subject, [("cpu", "compute", ["LOG", number]) for number in range(3)], 2)
    here = outcome["here"]
    for ran in _returned(outcome):
        same_process, same_thread = ran["process"] == here["process"], ran["thread"] == here["thread"]
        expect(
            not (same_process and same_thread),
            "A CPU job ran on the thread of the event loop: nothing else could run meanwhile.",
            "`async` around it changes nothing: it has to be handed to somebody else.",
        )
        if subject.runtime == "python":
            expect(
                not same_process,
                "A CPU job ran in a thread of this process: the GIL lets one thread at a time run Python code.",
                "Only a process of its own runs pure Python truly beside it.",
            )
        else:
            expect(
                same_process and not ran["main"],
                "A CPU job ran in another process, where a Worker was asked for.",
                "A Worker is a thread of this process: `new Worker(…)` of node:worker_threads.",
            )


def test_cpu_in_parallel(subject: Subject):
    """With two workers, two CPU jobs run at the same time."""
    outcome = _call(subject, [("cpu", "meet", ["LOG", 2, 2.5])] * 2, 2)
    met = [ran["met"] for ran in _returned(outcome)]
    expect(
        met[0] == met[1] == 2,
        "Of two CPU jobs, the first waited 2.5 seconds for the second to begin, and it did not.",
        f"Hand out both before you wait for one; {_name(subject, 'max_workers')} says how many may run at once.",
    )


def test_workers_are_reused(subject: Subject):
    """A worker takes one CPU job after the other: no more than max_workers are started."""
    for workers in (2, 1):
        outcome = _call(subject, [("cpu", "compute", ["LOG", number]) for number in range(8)], workers)
        _returned(outcome)
        used = {who for word, *rest in outcome["log"] if word == "begin" for who in rest}
        expect(
            len(used) <= workers,
            f"8 CPU jobs with {_name(subject, 'max_workers')} = {workers} were done by {len(used)} different workers.",
            "To start a worker costs more than most jobs. Start them once, and hand each its next job when it is done.",
        )


def test_never_too_many(subject: Subject):
    """Never more than max_workers CPU jobs run at once."""
    for workers in (1, 2):
        jobs = [("cpu", "meet", ["LOG", workers + 1, 0.2])] * (workers + 1)
        outcome = _call(subject, jobs, workers)
        _returned(outcome)
        peak = _peak(outcome["log"])
        expect(
            peak <= workers,
            f"With {_name(subject, 'max_workers')} = {workers}, {peak} CPU jobs ran at once.",
            "The limit counts what runs at the same moment.",
        )


def test_errors_are_raised(subject: Subject):
    """What a job raises is raised, with its message."""
    good = [("io", "answer_later", [1, 0]), ("cpu", "multiply", [2, 3])]
    for kind, job, text, type_name in (
        ("CPU", ("cpu", "fail", ["no such colour"]), "no such colour", "LookupError"),
        ("I/O", ("io", "fail_after", ["line is dead", 3]), "line is dead", "ConnectionError"),
    ):
        outcome = _call(subject, [*good, job], 2)
        _raised(subject, outcome, f"The {kind} job", text, type_name)


def test_first_error(subject: Subject):
    """Of several errors, the first is raised."""
    jobs = [
        ("io", "answer_later", [1, 0]),
        ("io", "fail_after", ["the first", 0]),
        ("io", "fail_after", ["the second", 20]),
    ]
    _raised(subject, _call(subject, jobs, 1), "The first job that failed", "the first", "ConnectionError")


def test_io_has_ended(subject: Subject):
    """When an error is raised, no I/O job is under way any more."""
    outcome = _call(subject, [("io", "fail_after", ["line is dead", 0]), ("io", "wait_on", [])], 1)
    _raised(subject, outcome, "The I/O job", "line is dead", "ConnectionError")
    expect(
        outcome["io_left"] == 0,
        "The error was raised while another I/O job was still under way.",
        "Whoever catches the error thinks that all is over. Wait for everything that was started, then raise.",
    )


def test_cpu_has_ended(subject: Subject):
    """When an error is raised, no CPU job is under way any more."""
    outcome = _call(subject, [("io", "fail_when_begun", ["line is dead", "LOG"]), ("cpu", "linger", ["LOG"])], 1)
    _raised(subject, outcome, "The I/O job", "line is dead", "ConnectionError")
    expect(
        not outcome["cpu_left"],
        "The error was raised while a CPU job was still under way.",
        "Whoever catches the error thinks that all is over. Wait for everything that was started, then raise.",
    )


# -- helpers ------------------------------------------------------------------


def _call(subject: Subject, jobs, max_workers):
    return subject.run_calm("calling", jobs=jobs, max_workers=max_workers).returns[0]


def _returned(outcome):
    """What the call gave, which must be a list of the results that these jobs give."""
    results = _given(outcome)
    expect(
        isinstance(results, list) and all(isinstance(result, dict) for result in results),
        f"It should return a list with the result of each job; it returned {str(results)[:200]}.",
    )
    return results


def _results(subject: Subject, jobs, max_workers):
    return _given(_call(subject, jobs, max_workers))


def _given(outcome):
    if "raised" in outcome:
        raise Failure(f"It ended with {_error_text(outcome)}.")
    return outcome["returned"]


def _error(subject: Subject, outcome, what):
    got = _error_text(outcome) if "raised" in outcome else f"it gave {str(outcome.get('returned'))[:200]}"
    expect(outcome.get("fitting", False), f"{what} should be {ERROR[subject.runtime]}: {got}.")


def _raised(subject: Subject, outcome, who, text, type_name):
    if "raised" not in outcome:
        raise Failure(
            f'{who} failed with "{text}", and the call returned {str(outcome["returned"])[:200]}.',
            "An error that is only returned is overlooked: raise it.",
        )
    right_type = subject.runtime == "node" or outcome["raised"] == type_name
    expect(
        text in outcome["message"] and right_type,
        f'{who} failed with "{text}", but what was raised is {_error_text(outcome)}.',
        "Raise the job's own error, the first there was.",
    )


def _error_text(outcome):
    return outcome["raised"] + (f" ({outcome['message'][:200]})" if outcome["message"] else "")


def _peak(log):
    now = peak = 0
    for word, *_ in log:
        now += {"begin": 1, "end": -1}.get(word, 0)
        peak = max(peak, now)
    return peak


def _place(subject: Subject, place):
    if subject.runtime == "node":
        return "on the main thread" if place["thread"] == 0 else f"in worker {place['thread']}"
    return f"on thread {place['thread']} of process {place['process']}"


def _name(subject: Subject, name):
    return {"python": name, "node": "maxWorkers"}[subject.runtime]


def _listed(values):
    return ", ".join(map(str, values)) if isinstance(values, list) else repr(values)
