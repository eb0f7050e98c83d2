"""The checks of exercise 10, for both languages: a monitor on a clock set by hand, and what becomes of lines."""

import json
import math

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

# Times are counted in these: exact in seconds, in milliseconds and in nanoseconds.
UNIT = {"python": 0.125, "node": 5}
PERIOD = 8
LOG = {"python": "log_event", "node": "logEvent"}
RESERVED = ("time", "level", "event", "thread", "request")


def test_loads(subject: Subject):
    """The file loads and has the names that are asked for."""
    subject.load()


# ---- the monitor


def test_lag(subject: Subject):
    """A lag is the time since the last tick, without the period, and never below 0."""
    for start in (0, 1_000, -40):
        for lag in (3, 0, 100):
            _watch(subject, [0, lag], start, p99=lag)
        _watch(subject, [0, -3], start, p99=0, help="A tick that comes early is not late: its lag is 0.")
    late, then_on_time = 50, [0] * 10
    help = "Only one tick was late. The next one came a period after it: it was on time."
    _watch(subject, [0, late, *then_on_time], stalls={0: 1}, help=help)


def test_no_lags_yet(subject: Subject):
    """Before any lag counts, p99() is 0 and there are no stalls."""
    for lags in ([], [0]):
        _watch(subject, lags, p99=0, stalls={0: 0}, help="The first tick has nothing to be late against.")


def test_clock(subject: Subject):
    """Each tick reads the clock once, the constructor never does."""
    reads = _watch(subject, [0, 3, 0, 5])["reads"]
    expect(
        reads[0] == 0,
        f"The constructor should not read the clock; it read it {_times(reads[0])}.",
        "Between the constructor and the first tick any time may pass: that is nobody's lag.",
    )
    for number, (before, after) in enumerate(zip(reads, reads[1:], strict=False), 1):
        expect(
            after - before == 1,
            f"Each tick() should read the clock once; the tick number {number} read it {_times(after - before)}.",
            "Read it into a variable: between two readings time goes on.",
        )


def test_warm_up(subject: Subject):
    """The first ticks, as many as the warm-up says, do not count."""
    help = "A warm-up of 3 means: the lags of ticks 1, 2 and 3 do not count, the one of tick 4 does."
    for warm_up in (0, 1, 2, 3, 10):
        warm = max(warm_up, 1)  # the first tick has no lag in any case
        lags = [0, *(90 + number for number in range(1, warm)), 7, 5, 6]
        _watch(subject, lags, warm_up=warm_up, p99=7, stalls={6: 1, 50: 0, 0: 3}, help=help)


def test_p99(subject: Subject):
    """p99() is the lag that 99 of 100 stay within, by nearest rank: not a mean, not an interpolation."""
    for count in (1, 2, 51, 100, 101, 200, 1_000):
        want = math.ceil(99 * count / 100)
        lags = sorted(range(1, count + 1), key=lambda lag: lag * 37 % 101)  # in no order
        _watch(
            subject,
            [0, *lags],
            p99=want,
            help=f"The lags were 1 to {count} times {_time(subject, 1)}, in no order. Sorted as numbers, the p99 is "
            f"the one number {want} of {count}: 99 of 100, rounded up.",
        )


def test_p99_as_it_goes(subject: Subject):
    """p99() may be asked at any time, and counts all lags until then."""
    seen = _watch(subject, [0, 9, 2, 2, 2, *[1] * 1_000], ask=[2, 3, 5, 204, 1_000])
    for number, (gave, lag) in enumerate(zip(seen["asked"], [9, 9, 9, 2, 1], strict=True), 1):
        expect(
            _equal(gave, lag * UNIT[subject.runtime]),
            f"p99() was asked several times while the ticks went on. The answer number {number} should be "
            f"{_time(subject, lag)}; it is {_given(gave)}.",
            "Count every lag, and keep what you count: asking changes nothing.",
        )


def test_stalls(subject: Subject):
    """stalls() counts the lags above the threshold; one that is just as long does not count."""
    help = "Strictly above: a lag as long as the threshold is no stall."
    _watch(subject, [0, 40, 0, 41, 10, 40, 200, 39], stalls={40: 2, 39: 4, 0: 6, 199: 1, 200: 0}, help=help)


def test_known_stalls(subject: Subject):
    """Among thousands of ticks with a little noise, stalls of known length are found."""
    stalls = {700: 200, 1_800: 90, 2_500: 1_000, 3_999: 60}
    lags = [0, *(stalls.get(number, number * 7 % 5) for number in range(1, 5_000))]
    counts = {50: 4, 60: 3, 100: 2, 500: 1, 1_000: 0}
    help = "Four stalls among 5,000 ticks are fewer than one in a hundred: stalls() finds them, the p99 does not."
    _watch(subject, lags, start=12_345, warm_up=5, p99=4, stalls=counts, help=help)
    often = [0, *(120 if number % 50 == 0 else 1 for number in range(1, 3_000))]
    help = "Two of a hundred ticks were that late: the p99 shows it, where a mean hides it."
    _watch(subject, often, p99=120, stalls={100: 59}, help=help)


@only("node")
def test_attach(subject: Subject):
    """After attach(histogram), p99() is the histogram's own, in ms; stalls() keeps to the ticks."""
    params = {"period": 10, "times": [0, 10, 25, 65], "first": [10] * 20, "second": [200] * 30, "threshold": 12}
    seen = subject.run_calm("attaching", **params).returns[0]
    for when, answer in zip(WHEN, seen["answers"], strict=True):
        _p99_of(answer, f"A histogram was attached, and p99() asked {when}")
    expect(
        seen["stalls"] == 1,
        f"The lags were 0, 5 and 30 ms, and a histogram was attached: stalls(12) should be 1; it is {seen['stalls']}.",
        "The histogram does not count stalls: keep counting ticks.",
    )
    _p99_of(
        subject.run_calm("blocking", ms=60).returns[0],
        "A real monitorEventLoopDelay was attached, and the loop blocked",
    )


WHEN = ("right after that", "after it had recorded more", "after another tick")


def _p99_of(answer, when):
    expect(
        _equal(answer["gave"], answer["want"]),
        f"{when}: its percentile(99) / 1e6 is {answer['want']:g}, p99() gave {answer['gave']}.",
        "Keep the histogram and ask it each time: it counts nanoseconds, nothing is subtracted.",
    )


# ---- lines


def test_one_line(subject: Subject):
    """The sink gets one JSON line, with no line break in it, before the call returns."""
    calls = [["started", {}], ["line\nbreak", {"text": "one\ntwo\r\nthree", "quote": '"', "nested": {"a": "x\ny"}}]]
    for [event, fields], lines in zip(calls, subject.run_calm("logging", calls=calls).returns[0], strict=True):
        record = _record(
            subject, lines, f'{LOG[subject.runtime]}(sink, "{event}")' if not fields else "a call with line breaks"
        )
        missing = [name for name in RESERVED if name not in record]
        expect(
            not missing,
            f"The line has no {_listed(missing)}: {lines[0]}",
            "It says time, level, event, thread and request.",
        )
        expect(record["event"] == event, f"The line's `event` should be {event!r}; it is {record['event']!r}.")
        expect(
            record["time"] not in (None, ""), "The line's `time` is empty.", "Any format will do: seconds, or a text."
        )


def test_fields(subject: Subject):
    """The fields are in the line, at the top level; `level` is "info" unless it is given."""
    fields = {
        "ms": 12,
        "ok": True,
        "nothing": None,
        "ratio": 0.5,
        "user": {"name": "Zoë", "tags": ["a", "b"]},
        "zero": 0,
    }
    calls = [["done", fields], ["done", {"level": "error", "ms": 1}]]
    first, second = subject.run_calm("logging", calls=calls).returns[0]
    record = _record(subject, first, "a call with fields")
    for name, value in fields.items():
        expect(
            name in record and record[name] == value,
            f"The field {name} = {json.dumps(value)} should be in the line as it is; the line is {first[0]}",
            "Fields stand beside `event`, at the top level.",
        )
    expect(record["level"] == "info", f'Without a field `level` it should be "info"; it is {record["level"]!r}.')
    level = _record(subject, second, "a call with a level").get("level")
    expect(level == "error", f'With level="error" the line\'s level should be "error"; it is {level!r}.')


def test_reserved_names(subject: Subject):
    """A field cannot replace time, thread or request (in Node.js, nor event)."""
    forged = {"time": "forged", "thread": "forged", "request": "forged"} | (
        {"event": "forged"} if subject.runtime == "node" else {}
    )
    [lines] = subject.run_calm("logging", calls=[["real", forged]]).returns[0]
    record = _record(subject, lines, "a call whose fields have reserved names")
    taken = [name for name in forged if record.get(name) == "forged"]
    expect(
        not taken,
        f"A field named {_listed(taken)} took the place of what the line itself says: {lines[0]}",
        "Put the fields in first, and then what must not be replaced.",
    )


def test_thread(subject: Subject):
    """`thread` is the id and the name of the thread that logs."""
    ran = subject.run_calm("naming", threads=3)
    for seen in ran.returns:
        thread = _record(subject, seen["lines"], "a call in one of three threads").get("thread")
        expect(
            isinstance(thread, dict) and isinstance(thread.get("name"), str) and "id" in thread,
            f"`thread` should be an object with an id and a name; it is {json.dumps(thread)}.",
        )
        ids = seen["ids"]
        expect(
            thread["id"] in ids,
            f"The thread {' or '.join(map(str, dict.fromkeys(ids)))} logged a line that says it was {thread['id']}.",
            "Ask when the line is logged, on the thread that logs.",
        )
        if subject.runtime == "python":
            expect(
                thread["name"] == seen["name"],
                f"The thread {seen['name']!r} logged a line that says its name is {thread['name']!r}.",
            )


def test_request(subject: Subject):
    """`request` is the id of the request that is served, whatever else goes on at the same time; null without one."""
    [lines] = subject.run_calm("logging", calls=[["idle", {}]]).returns[0]
    request = _record(subject, lines, "a call outside of any request").get("request")
    expect(request is None, f"Outside of any request `request` should be null; it is {request!r}.")
    requests = ["r-1", "r-2", "r-3", 0, ""]
    for request, lines in zip(
        requests, subject.run_calm("serving", requests=requests, lines=6).returns[0], strict=True
    ):
        expect(
            len(lines) == 6,
            f"A request logged 6 lines; {len(lines)} were handed over before the calls returned.",
            AT_ONCE,
        )
        for line in lines:
            said = _record(subject, [line], "a call in one of several requests").get("request")
            expect(
                said == request and type(said) is type(request),
                f"Five requests were served at once. A line of request {request!r} says it is of {said!r}.",
                f"{CONTEXT[subject.runtime]} Only what is not set is null.",
            )


CONTEXT = {
    "python": "Ask current_request.get() in the call itself, on the thread that logs: it knows who asks.",
    "node": "Ask currentRequest.getStore() in the call itself: later, or in another callback, it is another one.",
}
AT_ONCE = "Call sink(line) yourself, before you return."


@only("python")
def test_request_in_threads(subject: Subject):
    """In another thread the line names the request whose context is there, and none where there is no context."""
    answers = subject.run_calm("in_threads", request="r-7").returns[0]
    for lines, (where, want) in zip(answers, IN_THREADS, strict=True):
        said = _record(subject, lines, f"a call {where}").get("request")
        expect(
            said == want,
            f"A line that was logged {where} should name the request {want!r}; it names {said!r}.",
            CONTEXT["python"],
        )


IN_THREADS = (
    ("where the request r-7 is served", "r-7"),
    ("in a thread that has no context", None),
    ("in a thread, inside a copy of the context of r-7", "r-7"),
)


def test_secrets(subject: Subject):
    """The value of a secret key is "***", at any depth; nothing else is hidden."""
    seen = subject.run_calm("hiding").returns[0]
    keys = seen["keys"]
    expect(
        bool(keys),
        "SECRET_KEYS holds no key.",
        "The starter has some. Keep it: it is what says which values are secret.",
    )
    record = _record(subject, seen["lines"], "a call with secrets in it")
    given = seen["given"]
    shown = [text for text in _texts({name: record.get(name) for name in given}) if "swordfish" in text]
    expect(
        not shown,
        f"The line shows what it should hide: {_listed(shown[:3])}. Secret keys are {_listed(keys)}.",
        "Go through dicts, lists and tuples (objects and arrays), as deep as they are.",
    )
    for name, value in _redacted(given, keys).items():
        expect(
            name in record and record[name] == value,
            f"With the secret keys {_listed(keys)}, {json.dumps({name: given[name]})} should be "
            f"{json.dumps({name: value})}; it is {json.dumps({name: record.get(name)})}.",
            "The value of a secret key is hidden whatever it is; a key that only looks like one is not secret.",
        )


def test_nothing_is_changed(subject: Subject):
    """Hiding secrets changes nothing in the caller's own objects."""
    seen = subject.run_calm("hiding").returns[0]
    expect(
        seen.get("unchanged", False),
        "After the call the caller's own fields are no longer what they were: secrets in them were replaced.",
        "Build a new object for the line, on every level. A copy of the outermost one still holds the same inner ones.",
    )


def test_sink_fails(subject: Subject):
    """A sink that fails never breaks the caller."""
    for seen in subject.run_calm("failing").returns[0]:
        expect(
            "raised" not in seen,
            f"A sink failed ({seen['sink']}), and so did the call: {seen.get('raised')}.",
            "The log suffers, not the request that is served."
            + (" A sink may also give a promise, which rejects later." if subject.runtime == "node" else ""),
        )
        expect(
            seen["calls"] == 1,
            f"A sink failed ({seen['sink']}); it should be called once, and was called {_times(seen['calls'])}.",
        )
        _record(subject, seen["next"], "the next call, with a sink that works")


def test_nothing_is_lost(subject: Subject):
    """When a program ends, by an uncaught error or an exit, every line is there that was logged before."""
    ends, lines = ENDS[subject.runtime], 20
    for end, seen in zip(ends, subject.run_calm("ending", ends=ends, lines=lines).returns[0], strict=True):
        expect(
            seen["ended"],
            f"A program logged {lines} lines and came to {end}; after that it did not end.",
            "Something that log_event started keeps it alive. Nothing needs to be started: call the sink yourself.",
        )
        arrived = [_record(subject, [line], f"a program that ended by {end}").get("line") for line in seen["lines"]]
        expect(
            arrived == list(range(lines)),
            f"A program logged {lines} lines and ended by {end}: {len(arrived)} of them arrived"
            f"{', not in their order' if len(arrived) == lines else ''}.",
            f"Whoever logs may end the program with the next statement. {AT_ONCE}",
        )


ENDS = {
    "python": ["an uncaught error", "sys.exit()", "os._exit(0)"],
    "node": ["an uncaught error", "an unhandled rejection", "process.exit()"],
}


@only("python")
def test_threads_do_not_mix(subject: Subject):
    """Lines of several threads do not get mixed up, and none is lost."""

    def judge(ran: Ran, threads, lines):
        want = [[number, line, f"r-{number}"] for number in range(threads) for line in range(lines)]
        got = ran.memory["lines"]
        odd = [line for line in got if line not in want]
        expect(
            not odd,
            f"Each thread logs lines with a `by` and a `request` of its own, yet there is a line with "
            f"{_gist(odd[0]) if odd else ''}.",
            "Two calls at the same time used the same object. Make a new one in each call.",
        )
        expect(
            sorted(got) == want,
            f"{threads} threads logged {len(want)} lines; {len(got)} arrived, {len(want)} different ones were logged.",
            "Two calls at the same time used the same object. Make a new one in each call.",
        )

    few, many = {"threads": 2, "lines": 1}, {"threads": 4, "lines": 200}
    if not subject.run_calm("helping").returns[0]:  # a thread that was there before is none of those explored
        subject.explore("together", lambda ran: judge(ran, **few), **few)
    judge(subject.run_calm("together", **many), **many)


# ---- helpers


def _watch(subject: Subject, lags, start=0, warm_up=0, ask=(), p99=None, stalls=None, help=""):
    """Tick a monitor with these lags (the first tick has none), all in units, and compare what it says then."""
    unit, stalls = UNIT[subject.runtime], stalls or {}
    now, times = start, []
    for lag in lags:
        now += PERIOD + lag if times else 0
        times.append(now * unit)
    thresholds = [threshold * unit for threshold in stalls]
    params = {"period": PERIOD * unit, "warm_up": warm_up, "times": times, "ask": list(ask), "thresholds": thresholds}
    seen = subject.run_calm("watching", **params).returns[0]
    told = _ticked(subject, lags, warm_up)
    if p99 is not None:
        expect(
            _equal(seen["p99"], p99 * unit),
            f"{told}: p99() should be {_time(subject, p99)}; it is {_given(seen['p99'])}.",
            help or "A lag is the time since the last tick, minus the period.",
        )
    for (threshold, count), gave in zip(stalls.items(), seen["stalls"], strict=True):
        expect(
            gave == count, f"{told}: stalls({_time(subject, threshold)}) should be {count}; it is {_given(gave)}.", help
        )
    return seen


def _ticked(subject: Subject, lags, warm_up):
    if len(lags) < 2:
        return "After one tick" if lags else "Before the first tick"
    late = ", ".join(f"{lag * UNIT[subject.runtime]:g}" for lag in lags[1:7])
    warm = f", a warm-up of {warm_up}" if warm_up else ""
    return (
        f"A period of {_time(subject, PERIOD)}{warm}, {len(lags):,} ticks, from the second on late by {late}"
        f"{', ...' if len(lags) > 7 else ''}"
    )


def _equal(gave, want):
    return isinstance(gave, int | float) and math.isclose(gave, want, rel_tol=1e-9, abs_tol=1e-9)


def _time(subject: Subject, units):
    return f"{units * UNIT[subject.runtime]:g}" + (" ms" if subject.runtime == "node" else " s")


def _given(value):
    return f"{value:g}" if isinstance(value, int | float) else value


def _times(count):
    return "once" if count == 1 else f"{count} times"


def _record(subject: Subject, lines, when):
    """The one line that a call handed over, read. Raises Failure when it is not one JSON object on one line."""
    expect(
        len(lines) == 1,
        f"For {when} the sink should be called once before the call returns; it was called {_times(len(lines))}.",
        AT_ONCE,
    )
    [line] = lines
    expect(
        "\n" not in line and "\r" not in line,
        f"For {when} the line has a line break in it: {line!r}.",
        "The sink puts lines apart. JSON itself needs no line break.",
    )
    try:
        record = json.loads(line)
    except ValueError as error:
        raise Failure(f"For {when} the line is not JSON ({error}): {line}") from None
    expect(isinstance(record, dict), f"For {when} the line is JSON, but not an object: {line}")
    return record


def _redacted(value, keys):
    if isinstance(value, dict):
        return {key: "***" if key in keys else _redacted(inner, keys) for key, inner in value.items()}
    return [_redacted(inner, keys) for inner in value] if isinstance(value, list) else value


def _texts(value):
    """Every text in a value, at any depth."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def _gist(gist):
    if isinstance(gist, str):
        return f"no JSON in it: {gist}"
    by, _, request = gist
    return f"by = {by} and request = {request!r}"


def _listed(values):
    return ", ".join(map(str, values))
