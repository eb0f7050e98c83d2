"""The checks of exercise 10, for both languages: a monitor on a clock set by hand, and what becomes of lines."""

import json

from line_model import AT_ONCE, hidden, record_of, times
from monitor_model import equal, p99, says

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only
from mtlearn.grading.stateful.script import listed

RESERVED = ("time", "level", "event", "thread", "request")
EARLY = "A tick that comes early is not late: its lag is 0, and counts like any other."
CONTEXT = "Ask for it in the call itself, on the thread that logs: later, or elsewhere, it is another one."
NEW_OBJECTS = "Build a new object for the line, on every level. A copy of the outermost one holds the same inner ones."
ENDS = {"python": ["sys.exit()", "os._exit(0)"], "node": ["an unhandled rejection", "process.exit()"]}


def test_lag(subject: Subject):
    """A lag is the time since the last tick, without the period, and never below 0."""
    for start in (0, 1_000, -40):
        for lag in (3, 0, 100):
            says(subject, [0, lag], start=start)
        says(subject, [0, -3], EARLY, start=start)
    says(subject, [0, 50, *[0] * 10], "Only one tick was late. The next came a period after it.", stalls=[0])
    says(subject, [0, 50, *[-1] * 99], EARLY, stalls=[0])
    for lags in ([0, -3, 5], [0, 9, -9, 0, -3, 4]):
        says(subject, lags, "A lag is counted from the last tick, whenever that came.")


def test_no_lags_yet(subject: Subject):
    """Before any lag counts, p99() is 0 and there are no stalls."""
    for lags in ([], [0]):
        says(subject, lags, stalls=[0], help="The first tick has nothing to be late against.")


def test_clock(subject: Subject):
    """Each tick reads the clock once, the constructor never does."""
    reads = says(subject, [0, 3, 0, 5])["reads"]
    told = f"The constructor should not read the clock; it read it {times(reads[0])}."
    expect(reads[0] == 0, told, "Between the constructor and the first tick any time may pass: that is nobody's lag.")
    for number, (before, after) in enumerate(zip(reads, reads[1:], strict=False), 1):
        told = f"Each tick() should read the clock once; the tick number {number} read it {times(after - before)}."
        expect(after - before == 1, told, "Read it into a variable: between two readings time goes on.")


def test_warm_up(subject: Subject):
    """The first ticks, as many as the warm-up says, do not count."""
    help = "A warm-up of 3 means: the lags of ticks 1, 2 and 3 do not count, the one of tick 4 does."
    for warm_up in (0, 1, 2, 3, 10):
        lags = [0, *(90 + number for number in range(1, max(warm_up, 1))), 7, 5, 6]
        says(subject, lags, warm_up=warm_up, stalls=[6, 50, 0], help=help)


def test_p99(subject: Subject):
    """p99() is the lag that 99 of 100 stay within, by nearest rank: not a mean, not an interpolation."""
    for count in (1, 2, 51, 100, 101, 200, 1_000):
        lags = sorted(range(1, count + 1), key=lambda lag: lag * 37 % 101)  # in no order
        help = f"Sorted as numbers, the p99 is the one number {p99(lags)} of {count}: 99 of 100, rounded up."
        says(subject, [0, *lags], help=help)


def test_p99_as_it_goes(subject: Subject):
    """p99() may be asked at any time, and counts all lags until then."""
    lags = [0, 9, 2, 2, 2, *[1] * 1_000]
    says(subject, lags, "Count every lag, and keep it: asking changes nothing.", ask=[2, 3, 5, 204, 1_000])


def test_stalls(subject: Subject):
    """stalls() counts the lags above the threshold; one that is just as long does not count."""
    lags, thresholds = [0, 40, 0, 41, 10, 40, 200, 39], [40, 39, 0, 199, 200]
    says(subject, lags, "A lag as long as the threshold is no stall.", stalls=thresholds)


def test_known_stalls(subject: Subject):
    """Among thousands of ticks with a little noise, stalls of known length are found."""
    stalls = {700: 200, 1_800: 90, 2_500: 1_000, 3_999: 60}
    lags = [0, *(stalls.get(number, number * 7 % 5) for number in range(1, 5_000))]
    help = "Four stalls among 5,000 ticks are fewer than one in a hundred: stalls() finds them, the p99 does not."
    says(subject, lags, start=12_345, warm_up=5, stalls=[50, 60, 100, 500, 1_000], help=help)
    often = [0, *(120 if number % 50 == 0 else 1 for number in range(1, 3_000))]
    says(subject, often, "Two of a hundred ticks were that late: the p99 shows it, a mean hides it.", stalls=[100])


@only("node")
def test_attach(subject: Subject):
    """After attach(histogram), p99() is the histogram's own, in ms; stalls() keeps to the ticks."""
    recorded = {"first": [10] * 20, "second": [200] * 300 + [900, 950]}
    seen = subject.run_calm("attaching", period=10, times=[0, 10, 25, 65], threshold=3, **recorded).returns[0]
    blocked = subject.run_calm("blocking", ms=60).returns[0]
    asked = ("right after that", "after it had recorded more", "after another tick")
    whens = [*(f"A histogram was attached, and p99() asked {when}" for when in asked), "The loop was blocked"]
    for when, answer in zip(whens, [*seen["answers"], blocked], strict=True):
        told = f"{when}: its percentile(99) / 1e6 is {answer['want']:g}, p99() gave {answer['gave']}."
        expect(equal(answer["gave"], answer["want"]), told, "Keep the histogram and ask it each time: in nanoseconds.")
    told = f"The lags were 0, 5 and 30 ms: with a histogram, too, stalls(3) should be 2; it is {seen['stalls']}."
    expect(seen["stalls"] == 2, told, "The histogram does not count stalls: keep counting ticks.")


def test_one_line(subject: Subject):
    """The sink gets one JSON line, with no line break in it, before the call returns."""
    fields = {"text": "one\ntwo\r\nthree", "quote": '"', "nested": {"a": "x\ny"}}
    for event, given, when in (("started", {}, "a call"), ("line\nbreak", fields, "a call with line breaks")):
        record = _logged(subject, event, given, when)
        missing = [name for name in RESERVED if name not in record]
        told = f"The line has no {listed(missing)}: {json.dumps(record)}"
        expect(not missing, told, "It says time, level, event, thread and request.")
        expect(record["event"] == event, f"The line's `event` should be {event!r}; it is {record['event']!r}.")
        expect(record["time"] not in (None, ""), "The line's `time` is empty.", "Any format will do.")


def test_fields(subject: Subject):
    """The fields are in the line, at the top level; `level` is "info" unless it is given."""
    fields = {"ms": 12, "ok": True, "nothing": None, "ratio": 0.5, "user": {"name": "Zoë", "tags": ["a"]}, "zero": 0,
              "constructor": "by hand"}  # fmt: skip
    record = _logged(subject, "done", fields, "a call with fields")
    for name, value in fields.items():
        told = f"The field {name} = {json.dumps(value)} should be in the line as it is: {json.dumps(record)}"
        expect(name in record and record[name] == value, told, "Fields stand beside `event`, at the top level.")
    level = record.get("level")
    expect(level == "info", f'Without a field `level` the line\'s level should be "info"; it is {level!r}.')
    help = "Whether there is a field `level` is one question, whether its value is true another."
    for given in ("error", "", 0, None):
        level = _logged(subject, "done", {"level": given, "ms": 1}, "a call with a level").get("level")
        told = f"The field `level`, {json.dumps(given)}, should be the line's level; it is {json.dumps(level)}."
        expect(level == given and type(level) is type(given), told, help)


def test_reserved_names(subject: Subject):
    """A field cannot replace time, thread or request (in Node.js, nor event)."""
    names = ["time", "thread", "request", *(["event"] if subject.runtime == "node" else [])]
    record = _logged(subject, "real", dict.fromkeys(names, "forged"), "a call whose fields have reserved names")
    taken = [name for name in names if record.get(name) == "forged"]
    told = f"A field named {listed(taken)} took the place of what the line itself says: {json.dumps(record)}"
    expect(not taken, told, "Put the fields in first, and then what must not be replaced.")


def test_thread(subject: Subject):
    """`thread` is the id and the name of the thread that logs."""
    for seen in subject.run_calm("naming", threads=3).returns:
        thread = record_of(seen["lines"], "a call in one of three threads").get("thread")
        named = isinstance(thread, dict) and isinstance(thread.get("name"), str) and "id" in thread
        expect(named, f"`thread` should be an object with an id and a name; it is {json.dumps(thread)}.")
        ids = " or ".join(map(str, dict.fromkeys(seen["ids"])))
        told = f"The thread {ids} logged a line that says it was {thread['id']}."
        expect(thread["id"] in seen["ids"], told, "Ask when the line is logged, on the thread that logs.")
        name, said = seen.get("name", thread["name"]), thread["name"]
        expect(said == name, f"The thread {name!r} logged a line that says its name is {said!r}.")


def test_request(subject: Subject):
    """`request` is the id of the request that is served, whatever else goes on at the same time; null without one."""
    request = _logged(subject, "idle", {}, "a call outside of any request").get("request")
    expect(request is None, f"Outside of any request `request` should be null; it is {request!r}.")
    requests = ["r-1", "r-2", 7, 0, ""]
    served = subject.run_calm("serving", requests=requests, lines=6).returns[0]
    for request, lines in zip(requests, served, strict=True):
        told = f"A request logged 6 lines; {len(lines)} were handed over before the calls returned."
        expect(len(lines) == 6, told, AT_ONCE)
        for line in lines:
            said = record_of([line], "a call in one of several requests").get("request")
            told = f"Five requests were served at once. A line of request {request!r} says it is of {said!r}."
            right = said == request and type(said) is type(request)
            expect(right, told, f"{CONTEXT} Only what is not set is null.")


@only("python")
def test_request_in_threads(subject: Subject):
    """In another thread the line names the request whose context is there, and none where there is no context."""
    answers = subject.run_calm("in_threads", request="r-7").returns[0]
    context = "in a thread, inside a copy of the context of r-7"
    wanted = {"where r-7 is served": "r-7", "in a thread that has no context": None, context: "r-7"}
    for lines, (where, want) in zip(answers, wanted.items(), strict=True):
        said = record_of(lines, f"a call {where}").get("request")
        told = f"A line that was logged {where} should name the request {want!r}; it names {said!r}."
        expect(said == want, told, CONTEXT)


def test_secrets(subject: Subject):
    """The value of a secret key is "***", at any depth; nothing else is hidden."""
    seen = _hiding(subject)
    hidden(seen, seen["lines"], "a call with secrets in it")


def test_nothing_is_changed(subject: Subject):
    """Hiding secrets changes nothing in the caller's own objects, not even for a moment."""
    seen = _hiding(subject)
    told = "After the call the caller's own fields are no longer what they were: secrets in them were replaced."
    expect(seen["unchanged"], told, NEW_OBJECTS)
    told = f"The caller's own fields were not what they had been {listed(seen['moments'])}."
    expect(not seen["moments"], told, f"Somebody else may read them, or log them too. {NEW_OBJECTS}")


@only("node")
def test_frozen_fields(subject: Subject):
    """Fields that are frozen, on every level, are logged like any others."""
    seen = _hiding(subject)
    ended = f"The fields were frozen, and the call ended with {seen['frozen'].get('raised')}."
    expect("raised" not in seen["frozen"], ended, NEW_OBJECTS)
    hidden(seen, seen["frozen"]["lines"], "a call with frozen fields")


def test_sink_fails(subject: Subject):
    """A sink that fails never breaks the caller."""
    rejects = " A sink may also give a promise, which rejects later." if subject.runtime == "node" else ""
    for seen in subject.run_calm("failing").returns[0]:
        told = f"A sink failed ({seen['sink']}), and so did the call: {seen.get('raised')}."
        expect("raised" not in seen, told, f"The log suffers, not the request that is served.{rejects}")
        told = f"A sink failed ({seen['sink']}); it should be called once, and was called {times(seen['calls'])}."
        expect(seen["calls"] == 1, told)
        record_of(seen["next"], "the next call, with a sink that works")


def test_nothing_is_lost(subject: Subject):
    """When a program ends, by an uncaught error or an exit, every line is there that was logged before."""
    ends, lines = ["an uncaught error", *ENDS[subject.runtime]], 20
    for end, seen in zip(ends, subject.run_calm("ending", ends=ends, lines=lines).returns[0], strict=True):
        told = f"A program logged {lines} lines and came to {end}; after that it did not end."
        expect(seen["ended"], told, f"Something that was started for the log keeps it alive. {AT_ONCE}")
        arrived = [record_of([line], f"a program that ended by {end}").get("line") for line in seen["lines"]]
        order = ", not in their order" if len(arrived) == lines else ""
        told = f"A program logged {lines} lines and ended by {end}: {len(arrived)} of them arrived{order}."
        expect(arrived == list(range(lines)), told, f"Whoever logs may end the program right after it. {AT_ONCE}")


@only("python")
def test_threads_do_not_mix(subject: Subject):
    """Lines of several threads do not get mixed up, and none is lost."""

    def judge(ran: Ran, threads, lines):
        want = [[number, line, f"r-{number}"] for number in range(threads) for line in range(lines)]
        got, help = ran.memory["lines"], "Two calls at the same time used the same object. Make a new one in each call."
        for odd in (line for line in got if line not in want):
            what = f"no JSON in it: {odd}" if isinstance(odd, str) else f"by = {odd[0]} and request = {odd[2]!r}"
            raise Failure(f"Each thread logs lines of its own, yet there is a line with {what}.", help)
        missing = "not all of them arrived" if len(got) < len(want) else "some arrived twice"  # how many is luck
        expect(sorted(got) == want, f"{threads} threads logged {len(want)} lines; {missing}.", help)

    few, many = {"threads": 2, "lines": 1}, {"threads": 4, "lines": 200}
    if not subject.run_calm("helping").returns[0]:  # a thread that was there before is none of those explored
        subject.explore("together", lambda ran: judge(ran, **few), **few)
    judge(subject.run_calm("together", **many), **many)


def _hiding(subject: Subject):
    seen = subject.run_calm("hiding").returns[0]
    expect(bool(seen["keys"]), "SECRET_KEYS holds no key.", "The starter has some: they say what is secret.")
    return seen


def _logged(subject: Subject, event, fields, when):
    return record_of(subject.run_calm("logging", calls=[[event, fields]]).returns[0][0], when)
