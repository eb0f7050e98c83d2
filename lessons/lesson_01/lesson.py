"""Lesson 1: what threads are for, and where the event loop ends."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
    Outcome,
    Predict,
    Quiz,
    Text,
    answer,
    buckets,
    duration,
    every,
    figure,
    has_gil,
    has_no_gil,
    ratio,
)

VARIANT, THREADS = Column("variant", "variant"), Column("threads", "threads", "ids")

# ---- connections

IN_TURN = "each waits, one after the other"
TOGETHER = "each waits, all at once"
CALCULATING = "each calculates, all at once"


def of_served(row):
    told = f"{row['connections']:,} requests of {duration(row['work_ns'])} together, {row['at_once']:,} at a time"
    return f"{told}, done in {duration(row['wall_ns'])}"


def of_open(row):
    return f"{row['open']:,} of {row['connections']:,} open at once, served by {len(row['threads'])} thread"


def one_at_a_time(variant):
    """Never two requests at once, so that together they take at least the sum of their times."""
    return every(variant, lambda row: row["at_once"] == 1 and row["wall_ns"] >= row["work_ns"], of_served)


CONNECTIONS = Demo(
    "connections",
    "A server with 500 open connections on one thread: what if each request waits, what if each calculates?",
    (VARIANT, Column("connections", "open", "count"),
     Column("at_once", "at once", "count"), Column("work_ns", "all added", "ns"), Column("wall_ns", "took", "ns")),
    (
        Claim("One thread holds all the connections open.",
              every(TOGETHER, lambda row: row["open"] == row["connections"] and len(row["threads"]) == 1, of_open)),
        Claim("Requests that wait are served side by side by that one thread.",
              ratio(("work_ns", TOGETHER), ("wall_ns", TOGETHER), over=10)),
        Claim("A client that asks for one thing after the other pays for every wait.", one_at_a_time(IN_TURN)),
        Claim("Requests that calculate are served one after the other: each runs to its end before the next begins.",
              one_at_a_time(CALCULATING)),
    ),
    threads=None, seconds=None,
)  # fmt: skip


def time_for_all(measured):
    runs = [(run.runtime, run.row(TOGETHER)) for run in measured]
    slowest = max(row["wall_ns"] for _, row in runs)
    choice = 2 if slowest < 1e9 else 1 if slowest < 10e9 else 0
    return Outcome(choice, "; ".join(f"{runtime}: {of_served(row)}" for runtime, row in runs) + ".")


# ---- loop-order

IO = {"python": "asked for in one go", "node": "in a callback of I/O"}
SETTLED, NESTED, EAGER = "await what is done", "asked for by a callback", "an eager task"
SCRIPT, MODULE = "at the top of a CommonJS script", "at the top of an ES module"


def in_order(variant, order):
    return every(variant, lambda row: row["order"] == order, lambda row: row["order"])


NODE_ORDER = "code > nextTick > queueMicrotask > promise > setImmediate > setTimeout(0)"

LOOP_ORDER = Demo(
    "loop-order",
    "Several things are handed to the event loop in one go. In which order do they run?",
    (VARIANT, Column("order", "order"), Column("took_ns", "took", "ns")),
    (
        Claim("First the code runs to its end; then the nextTick queue; then the microtasks, in the order asked for; "
              "then, from a callback of I/O, setImmediate, and the timers in the next round.",
              in_order(IO["node"], NODE_ORDER), ("node",)),
        Claim("asyncio has one ready queue: first come, first served; timers that are due join at its end.",
              in_order(IO["python"], "code > call_soon > task > call_later(0)"), ("python",)),
        Claim("What a callback asks for comes after all that was ready before it.",
              in_order(NESTED, "a > b > c, asked for by a"), ("python",)),
        Claim("An await of what is settled gives nobody else a turn, however often it is repeated.",
              every(SETTLED, lambda row: row["order"].startswith("1,000 awaits"), lambda row: row["order"])),
        Claim("In a CommonJS script nextTick comes first.", in_order(SCRIPT, "code > nextTick > promise"), ("node",)),
        Claim("An ES module is itself run by a promise, so there the promises come first.",
              in_order(MODULE, "code > promise > nextTick"), ("node",)),
        Claim("An eager task begins at once.", in_order(EAGER, "task > code"), ("python",)),
    ),
    threads=None, seconds=None, bars="order",
)  # fmt: skip

ORDERS = ("the timer, setImmediate, the promise, nextTick", "nextTick, the promise, setImmediate, the timer",
          "the promise, nextTick, the timer, setImmediate")  # fmt: skip

# ---- await-race

RACE = "check, await, act"
KEPT = {"python": "keep the task", "node": "keep the promise"}
LOCKED, THREE = "a lock around both", "a semaphore of 3 around both"


def of_fetches(row):
    times = "once" if row["fetches"] == 1 else f"{row['fetches']} times"
    return f"{row['requests']} requests, fetched {times}, {row['tokens']} different tokens"


def fetches(variant, wanted):
    return every(variant, lambda row: row["fetches"] == wanted, of_fetches)


AWAIT_RACE = Demo(
    "await-race",
    "Ten requests on one thread find no token, and each fetches one if it is missing. How often is it fetched?",
    (VARIANT, Column("requests", "requests", "count"),
     Column("fetches", "fetches", "count"), Column("tokens", "tokens", "count"), Column("took_ns", "took", "ns")),
    (
        Claim("One thread is no protection: all ten look before the first answer is there, and all ten fetch.",
              every(RACE, lambda row: row["fetches"] == row["requests"] and len(row["threads"]) == 1, of_fetches)),
        Claim("Keep what is being fetched, not only what was: no await between check and act, one fetch.",
              fetches(KEPT, 1)),
        Claim("A lock held across the await lets one in at a time: one fetch.", fetches(LOCKED, 1)),
        Claim("A semaphore of 3 lets three in: it limits how many, and excludes nobody.", fetches(THREE, 3)),
    ),
    threads=None, seconds=None, bars="fetches",
)  # fmt: skip

# ---- blocking

INLINE = {"python": "inline, in an async def", "node": "inline"}
PROMISE = "in a promise"
NO_TURN = {"python": "slices, await what never suspends", "node": "slices, await a resolved promise"}
A_TURN = {"python": "slices, await asyncio.sleep(0)", "node": "slices, await setImmediate"}
THREAD = "a thread (asyncio.to_thread)"
ELSEWHERE = {"python": "a process", "node": "a worker"}


def of_beats(row):
    return f"{row['beats']} beats in {duration(row['took_ns'])}, the worst {duration(row['worst_ns'])} late"


def stands_still(variants, still=True):
    return every(variants, lambda row: (row["beats"] == 0) is still, of_beats)


def less_late(variants, factor):
    """The worst beat is `factor` times less late than beside the inline calculation."""
    return ratio(("worst_ns", INLINE), ("worst_ns", variants), over=factor)


def same_hash(measured: Measured):
    hashes = {row["hash"] for row in measured.rows}
    return len(hashes) == 1, f"{len(measured.rows)} ways, the hash begins with {', '.join(sorted(hashes))}"


def beats_meanwhile(kind, variant):
    def choice(measured):
        row = measured.row(variant)
        return 0 if row["beats"] == 0 else 1 if row["beats"] < row["due"] / 2 else 2

    return answer(choice, lambda measured: f"`{variant}`, {of_beats(measured.row(variant))}", kind)


BLOCKING = Demo(
    "blocking",
    "A heart should beat every 10 ms on the event loop while a password is hashed. Which way of hashing lets it?",
    (VARIANT, Column("threads", "hashed by", "ids"), Column("took_ns", "took", "ns"), Column("due", "due", "count"),
     Column("beats", "beats", "count"), Column("worst_ns", "worst lag", "ns")),
    (
        Claim("While the loop's own thread calculates, the heart does not beat once.", stands_still(INLINE)),
        Claim("A promise around the calculation changes nothing.", stands_still(PROMISE), ("node",)),
        Claim("Slices change nothing if what is awaited between them is already done.", stands_still(NO_TURN)),
        Claim("With a turn of the loop after each slice, the heart beats on.", stands_still(A_TURN, still=False)),
        Claim("It is late by a few slices at most, and not by the whole calculation.",
              # asyncio lets up to three pass before it wakes a sleeper
              ratio(("worst_ns", A_TURN), ("longest_ns", A_TURN), under=5), cores=2),
        Claim("Beside a thread it beats on, too.", stands_still(THREAD, still=False), ("python",)),
        Claim("A worker takes the calculation off the loop.", less_late(ELSEWHERE, 5), ("node",), cores=2),
        Claim("A process takes the calculation off the loop.", less_late(ELSEWHERE, 5), ("python",), cores=2),
        Claim("The hash is the same, whoever calculates it.", same_hash),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip

# ---- promise-all

ALL = {"python": "calculate, asyncio.gather", "node": "calculate, Promise.all"}
WAITING = {"python": "wait 50 ms, asyncio.gather", "node": "wait 50 ms, Promise.all"}
SEVERAL = {"python": "calculate, two processes", "node": "calculate, two workers"}


def of_jobs(row):
    return f"{row['at_once']} at once, {duration(row['work_ns'])} of work in {duration(row['wall_ns'])}"


NEVER_TWO = every(ALL, lambda row: row["at_once"] == 1 and row["wall_ns"] >= row["work_ns"], of_jobs)


def at_least_at_once(variants, least):
    return every(variants, lambda row: row["at_once"] >= least, of_jobs)


def how_many_calculate(measured):
    runs = [(run.runtime, run.row(ALL)) for run in measured]
    told = "; ".join(f"{runtime}: {of_jobs(row)}" for runtime, row in runs)
    most = max(row["at_once"] for _, row in runs)
    return Outcome({1: 2, 2: 1, 4: 0}.get(most), f"{told}.")


PROMISE_ALL = Demo(
    "promise-all",
    "Four functions are started together. When they wait, when they calculate: how many are under way at once?",
    (VARIANT, THREADS, Column("at_once", "at once", "count"), Column("work_ns", "all added", "ns"),
     Column("wall_ns", "took", "ns")),
    (
        Claim("Promise.all of functions that calculate is not parallel: never two at once.", NEVER_TWO, ("node",)),
        Claim("asyncio.gather of functions that calculate is not parallel: never two at once.", NEVER_TWO, ("python",)),
        Claim("Functions that wait do so at the same time, all four of them.", at_least_at_once(WAITING, 4)),
        Claim("Two workers calculate at the same time.", at_least_at_once(SEVERAL, 2), ("node",), cores=2),
        Claim("Two processes calculate at the same time.", at_least_at_once(SEVERAL, 2), ("python",), cores=2),
    ),
    threads=None, seconds=None, bars="at_once",
)  # fmt: skip

# ---- gil-lag

ALONE = "nobody calculates"
DEFAULT = "switch interval 5 ms"
LONG, SHORT = "switch interval 50 ms", "switch interval 0.5 ms"


def of_lag(row):
    return f"median {duration(row['median_ns'])}, worst {duration(row['worst_ns'])}"


def late_by_the_interval(variant):
    return every(variant, lambda row: 0.9 <= row["median_ns"] / row["interval_ns"] <= 2, of_lag)


GIL_LAG = Demo(
    "gil-lag",
    "A loop that sleeps 1 ms at a time, beside a thread that calculates: how late does it wake up?",
    (VARIANT, Column("interval_ns", "interval", "ns"), Column("median_ns", "median lag", "ns"),
     Column("worst_ns", "worst lag", "ns")),
    tuple(
        Claim(text, judge, ("python",), cores=2, applies=applies)
        for text, judge, applies in (
            (
                "Beside a thread that calculates, the loop wakes up late by the switch interval, 5 ms.",
                late_by_the_interval(DEFAULT),
                has_gil,
            ),
            (
                "It is the interval that decides: set it to 50 ms, and the loop is 50 ms late.",
                late_by_the_interval(LONG),
                has_gil,
            ),
            ("With 50 ms it is more than ten times as late as with 0.5 ms.",
             ratio(("median_ns", LONG), ("median_ns", SHORT), over=10), has_gil),
            ("It is the thread that makes it late: alone, the loop is on time.",
             ratio(("median_ns", DEFAULT), ("median_ns", ALONE), over=5), has_gil),
            (
                "Without a GIL the loop need not wait for it.",
                every(DEFAULT, lambda row: row["median_ns"] < row["interval_ns"] / 2, of_lag),
                has_no_gil,
            ),
        )
    ),
    threads=None, seconds=None, runtimes=("python",), bars="median_ns",
)  # fmt: skip

# ---- the quiz

QUIZ = Quiz(
    {
        "promise": figure("blocking", "node", PROMISE, of_beats),
        "no_turn": figure("blocking", "node", NO_TURN, of_beats),
        "to_thread": figure("gil-lag", "python", DEFAULT, of_lag),
        "together": figure("connections", "node", TOGETHER, of_served),
        "waiting": figure("promise-all", "node", WAITING, of_jobs),
        "stampede": figure("await-race", "node", RACE, of_fetches),
        "order": figure("loop-order", "node", IO, lambda row: row["order"]),
    }
)

LESSON = Lesson(
    1,
    "Threads, and the limits of the event loop",
    (
        Text("Five hundred clients"),
        Predict("connections",
            "500 clients ask one thread at once, and each answer takes 50 ms of waiting. When are all served?",
            ("after some 25 seconds: 500 times 50 ms", "after 1 to 10 seconds", "in less than a second"),
            time_for_all),
        CONNECTIONS,
        Text("One thread, many connections"), Text("Processes and threads"),
        Text("Four ways to say “later”"),
        Predict("loop-order",
            "A callback of Node.js asks for a timer of 0 ms, a setImmediate, a promise's then and a nextTick. "
            "In which order do they come?", ORDERS, answer(
            lambda run: 1 if run.row(IO)["order"] == NODE_ORDER else None, lambda run: run.row(IO)["order"], "node" )),
        LOOP_ORDER,
        Text("One round of the loop"),
        Text("Ten requests, one token"),
        Predict("await-race",
            "Ten requests run `if there is no token: token = await fetch()` on one thread. How many fetches?",
            ("one", "two or three", "ten"),
            buckets(lambda run: run.row(RACE)["fetches"], (2, 4), lambda run: f"{run.row(RACE)['fetches']} fetches")),
        AWAIT_RACE,
        Text("The race across an await"),
        Text("A heart that beats on the loop"),
        Predict("blocking",
            "In Node.js a password is hashed inside `new Promise(...)`. How often does a 10 ms timer fire meanwhile?",
            ("not once", "less often than it should", "nearly as often as it should"),
            beats_meanwhile("node", PROMISE)),
        Predict("blocking",
            "In Python it is hashed in 40 slices, with `await asyncio.sleep(0)` after each. How often does the heart "
            "beat?", ("not once", "less than half as often as it should", "at least half as often as it should"),
            beats_meanwhile("python", A_TURN["python"])),
        BLOCKING,
        Text("When somebody calculates"),
        Predict("promise-all",
            "Four functions that calculate are started together, by Promise.all or asyncio.gather. How many of them "
            "are under way at the same moment?", ("all four", "two: as many as there are cores here", "one"),
            how_many_calculate),
        PROMISE_ALL,
        Text("Concurrent is not parallel"),
        Predict("gil-lag",
            "In Python a thread calculates beside an event loop that sleeps 1 ms at a time. How late does it wake up?",
            ("hardly at all", "about 5 ms", "when the thread is done"), buckets(
            lambda run: run.row(DEFAULT)["median_ns"], (2.5e6, 20e6), lambda run: of_lag(run.row(DEFAULT)), "python"
            )),
        GIL_LAG,
        Text("A thread beside the loop"), Text("What threads are good for"),
        QUIZ,
    ),
)  # fmt: skip
