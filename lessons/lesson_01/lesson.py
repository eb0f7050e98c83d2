"""Lesson 1: what threads are for, and where the event loop ends."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
    Outcome,
    Predict,
    Question,
    Quiz,
    Text,
    duration,
    figure,
    first,
    has_gil,
    has_no_gil,
)

# ---- connections

IN_TURN = "each waits, one after the other"
TOGETHER = "each waits, all at once"
CALCULATING = "each calculates, all at once"


def of_served(row):
    return f"{row['connections']:,} requests of {duration(row['work_ns'])} together, done in {duration(row['wall_ns'])}"


def all_open_on_one_thread(measured: Measured):
    row = measured.row(TOGETHER)
    return (
        row["open"] == row["connections"] and len(row["threads"]) == 1,
        f"{row['open']:,} of {row['connections']:,} open at once, served by {len(row['threads'])} thread",
    )


def waits_side_by_side(measured: Measured):
    row = measured.row(TOGETHER)
    ratio = row["work_ns"] / row["wall_ns"]
    return ratio > 10, f"{of_served(row)}: ×{ratio:.0f}"


def one_at_a_time(variant):
    """Never two requests at once, so that together they take at least the sum of their times."""

    def judge(measured: Measured):
        row = measured.row(variant)
        return row["at_once"] == 1 and row["wall_ns"] >= row["work_ns"], f"{of_served(row)}, {row['at_once']} at a time"

    return judge


def time_for_all(measured):
    runs = [(run.runtime, run.row(TOGETHER)) for run in measured]
    slowest = max(row["wall_ns"] for _, row in runs)
    choice = 2 if slowest < 1e9 else 1 if slowest < 10e9 else 0
    return Outcome(choice, "; ".join(f"{runtime}: {of_served(row)}" for runtime, row in runs) + ".")


CONNECTIONS = Demo(
    "connections",
    "A server with 500 open connections on one thread: what if each request waits, what if each calculates?",
    (
        Column("variant", "variant"),
        Column("threads", "thread", "ids"),
        Column("connections", "open", "count"),
        Column("at_once", "at once", "count"),
        Column("work_ns", "all added", "ns"),
        Column("wall_ns", "took", "ns"),
    ),
    (
        Claim("One thread holds all connections open.", all_open_on_one_thread),
        Claim("Requests that wait are served side by side, by that one thread.", waits_side_by_side),
        Claim("Who asks one after the other pays for every wait.", one_at_a_time(IN_TURN)),
        Claim(
            "Requests that calculate are served one after the other: each runs to its end before the next begins.",
            one_at_a_time(CALCULATING),
        ),
    ),
    threads=None,
    seconds=None,
)

# ---- blocking

INLINE = {"python": "inline, in an async def", "node": "inline"}
PROMISE = "in a promise"
NO_TURN = {"python": "slices, await what never suspends", "node": "slices, await a resolved promise"}
A_TURN = {"python": "slices, await asyncio.sleep(0)", "node": "slices, await setImmediate"}
THREAD = "a thread (asyncio.to_thread)"
ELSEWHERE = {"python": "a process", "node": "a worker"}


def of_beats(row):
    return f"{row['beats']} beats in {duration(row['took_ns'])}, the worst {duration(row['worst_ns'])} late"


def stands_still(variants):
    def judge(measured: Measured):
        row = measured.row(variants)
        return row["beats"] == 0, of_beats(row)

    return judge


def beats_on(variants):
    def judge(measured: Measured):
        row = measured.row(variants)
        return row["beats"] > 0, of_beats(row)

    return judge


def less_late(variants, factor):
    """The worst beat is `factor` times less late than beside the inline calculation."""

    def judge(measured: Measured):
        inline, row = measured.row(INLINE), measured.row(variants)
        ratio = inline["worst_ns"] / max(row["worst_ns"], 1)
        return ratio > factor, f"{duration(inline['worst_ns'])} against {duration(row['worst_ns'])}: ×{ratio:.0f}"

    return judge


def late_by_slices(measured: Measured):
    row = measured.row(A_TURN)
    return (
        row["worst_ns"] < 5 * row["longest_ns"],  # asyncio lets up to three pass before it wakes a sleeper
        f"the worst {duration(row['worst_ns'])} late, the longest slice {duration(row['longest_ns'])}",
    )


def same_hash(measured: Measured):
    hashes = {row["hash"] for row in measured.rows}
    return len(hashes) == 1, f"{len(measured.rows)} ways, the hash begins with {', '.join(sorted(hashes))}"


def beats_meanwhile(kind, variant):
    def happened(measured):
        run = first(measured, kind)
        row = run.row(variant)
        choice = 0 if row["beats"] == 0 else 1 if row["beats"] < row["due"] / 2 else 2
        return Outcome(choice, f"`{variant}` in {run.runtime}: {of_beats(row)}.")

    return happened


BLOCKING = Demo(
    "blocking",
    "A heart should beat every 10 ms, on the event loop. Beside it a password is hashed: who lets the heart beat?",
    (
        Column("variant", "variant"),
        Column("threads", "hashed by", "ids"),
        Column("took_ns", "took", "ns"),
        Column("due", "due", "count"),
        Column("beats", "beats", "count"),
        Column("worst_ns", "worst lag", "ns"),
    ),
    (
        Claim("While the loop's own thread calculates, the heart does not beat once.", stands_still(INLINE)),
        Claim("A promise around the calculation changes nothing.", stands_still(PROMISE), ("node",)),
        Claim("Slices change nothing, if what is awaited between them is done already.", stands_still(NO_TURN)),
        Claim("With a turn of the loop after each slice, the heart beats on.", beats_on(A_TURN)),
        Claim("It is late by a few slices at most, and not by the whole calculation.", late_by_slices, cores=2),
        Claim("Beside a thread it beats on, too.", beats_on(THREAD), ("python",)),
        Claim("A worker takes the calculation off the loop.", less_late(ELSEWHERE, 5), ("node",), cores=2),
        Claim("A process takes the calculation off the loop.", less_late(ELSEWHERE, 5), ("python",), cores=2),
        Claim("Whoever calculates, the hash is the same.", same_hash),
    ),
    threads=None,
    seconds=None,
    timeline=True,
)

# ---- promise-all

ALL = {"python": "calculate, asyncio.gather", "node": "calculate, Promise.all"}
WAITING = {"python": "wait 50 ms, asyncio.gather", "node": "wait 50 ms, Promise.all"}
SEVERAL = {"python": "calculate, two processes", "node": "calculate, two workers"}


def of_jobs(row):
    return f"{row['at_once']} at once, {duration(row['work_ns'])} of work in {duration(row['wall_ns'])}"


def never_two_at_once(measured: Measured):
    row = measured.row(ALL)
    return row["at_once"] == 1 and row["wall_ns"] >= row["work_ns"], of_jobs(row)


def at_least_at_once(variants, least):
    def judge(measured: Measured):
        row = measured.row(variants)
        return row["at_once"] >= least, of_jobs(row)

    return judge


def how_many_calculate(measured):
    runs = [(run.runtime, run.row(ALL)) for run in measured]
    told = "; ".join(f"{runtime}: {of_jobs(row)}" for runtime, row in runs)
    most = max(row["at_once"] for _, row in runs)
    return Outcome({1: 2, 2: 1, 4: 0}.get(most), f"{told}.")


PROMISE_ALL = Demo(
    "promise-all",
    "Four functions are started together. When they wait, when they calculate: how many are under way at once?",
    (
        Column("variant", "variant"),
        Column("threads", "threads", "ids"),
        Column("at_once", "at once", "count"),
        Column("work_ns", "all added", "ns"),
        Column("wall_ns", "took", "ns"),
    ),
    (
        Claim(
            "Promise.all of functions that calculate is not parallel: never two of them at once.",
            never_two_at_once,
            ("node",),
        ),
        Claim(
            "asyncio.gather of functions that calculate is not parallel: never two of them at once.",
            never_two_at_once,
            ("python",),
        ),
        Claim("Functions that wait do so at the same time, all four of them.", at_least_at_once(WAITING, 4)),
        Claim("Two workers calculate at the same time.", at_least_at_once(SEVERAL, 2), ("node",), cores=2),
        Claim("Two processes calculate at the same time.", at_least_at_once(SEVERAL, 2), ("python",), cores=2),
    ),
    threads=None,
    seconds=None,
)

# ---- gil-lag

ALONE = "nobody calculates"
DEFAULT = "switch interval 5 ms"
LONG, SHORT = "switch interval 50 ms", "switch interval 0.5 ms"


def of_lag(row):
    return f"median {duration(row['median_ns'])}, worst {duration(row['worst_ns'])}"


def late_by_the_interval(variant):
    def judge(measured: Measured):
        row = measured.row(variant)
        return 0.9 <= row["median_ns"] / row["interval_ns"] <= 2, of_lag(row)

    return judge


def later(late, early, factor):
    """The loop was `factor` times later in one run than in the other."""

    def judge(measured: Measured):
        a, b = measured.row(late)["median_ns"], measured.row(early)["median_ns"]
        return a > factor * b, f"median {duration(a)} against {duration(b)}: ×{a / max(b, 1):.0f}"

    return judge


def not_late(measured: Measured):
    row = measured.row(DEFAULT)
    return row["median_ns"] < row["interval_ns"] / 2, of_lag(row)


def how_late(measured):
    run = first(measured, "python")
    row = run.row(DEFAULT)
    choice = 0 if row["median_ns"] < 2.5e6 else 1 if row["median_ns"] < 20e6 else 2
    return Outcome(choice, f"{run.runtime}: {of_lag(row)}.")


GIL_LAG = Demo(
    "gil-lag",
    "A loop that sleeps 1 ms at a time, beside a thread that calculates: how late does it wake up?",
    (
        Column("variant", "variant"),
        Column("threads", "threads", "ids"),
        Column("interval_ns", "interval", "ns"),
        Column("median_ns", "median lag", "ns"),
        Column("worst_ns", "worst lag", "ns"),
    ),
    (
        Claim(
            "Beside a thread that calculates, the loop wakes up late by the switch interval, 5 ms.",
            late_by_the_interval(DEFAULT),
            ("python",),
            cores=2,
            applies=has_gil,
        ),
        Claim(
            "It is the interval that decides: set it to 50 ms, and the loop is 50 ms late.",
            late_by_the_interval(LONG),
            ("python",),
            cores=2,
            applies=has_gil,
        ),
        Claim(
            "With 50 ms it is more than ten times as late as with 0.5 ms.",
            later(LONG, SHORT, 10),
            ("python",),
            cores=2,
            applies=has_gil,
        ),
        Claim(
            "It is the thread that makes it late: alone, the loop is on time.",
            later(DEFAULT, ALONE, 5),
            ("python",),
            cores=2,
            applies=has_gil,
        ),
        Claim("Without a GIL the loop need not wait for it.", not_late, ("python",), cores=2, applies=has_no_gil),
    ),
    threads=None,
    seconds=None,
    runtimes=("python",),
)

# ---- the quiz


QUIZ = Quiz(
    (
        Question(
            "A Node.js server hashes a password in the function of a `new Promise(...)`. Do timers fire meanwhile?",
            ("Yes: a promise runs in the background", "No: that function runs right here, on the loop's thread"),
            1,
            "A promise tells when something is done. It does not do it, and has no thread to do it on.",
            figure("blocking", "node", PROMISE, of_beats),
            beliefs=(1,),
        ),
        Question(
            "You cut the work into slices, with `await Promise.resolve()` after each. Is the loop free in between?",
            ("No: it goes on before the loop does anything else", "Yes: every await gives the loop a turn"),
            0,
            "What follows such an await is a microtask. Only what really waits, such as a promise that setImmediate "
            "resolves, lets timers and connections have their turn.",
            figure("blocking", "node", NO_TURN, of_beats),
        ),
        Question(
            "`await asyncio.to_thread(calculate)`, pure Python with a GIL. Does the loop notice?",
            (
                "No: the thread has a core of its own",
                "Yes: each time it wakes up, it waits for the GIL",
                "Yes: it stands still until the thread is done",
            ),
            1,
            "The thread is asked to let go of the GIL only after the switch interval, 5 ms unless it was changed. "
            "The loop pays that at every wake-up.",
            figure("gil-lag", "python", DEFAULT, of_lag),
            beliefs=(2,),
        ),
        Question(
            "500 clients wait for answers that each take a database 50 ms. What does the server need?",
            ("500 threads", "A thread for each core", "One thread with an event loop"),
            2,
            "Waiting takes no thread. One loop keeps all connections open, and turns to the one that is ready.",
            figure("connections", "node", TOGETHER, of_served),
        ),
        Question(
            "`Promise.all` starts four functions that only wait, on one thread. Is that concurrent, or parallel?",
            ("Concurrent: all are under way", "Parallel: they run at the same moment", "Neither"),
            0,
            "Concurrent means under way at the same time; parallel means running at the same moment, which takes "
            "several cores. One thread can do the first, never the second.",
            figure("promise-all", "node", WAITING, of_jobs),
        ),
        Question(
            "What do the threads of a process share?",
            ("Their registers", "The stack", "Code, data and open files"),
            2,
            "Registers and a stack belong to each thread: they say where it is, and what it is in the middle of.",
        ),
        Question(
            "A function works well, called by one thread at a time. When is it thread-safe?",
            (
                "When it is still right with several threads in it at once",
                "When it runs in a thread of its own",
                "When it is fast enough to be done before another thread comes",
            ),
            0,
            "However the steps of the threads fall between each other, the result must be right. Speed is no "
            "protection; it only makes the accident rare.",
        ),
    )
)

LESSON = Lesson(
    1,
    "Threads, and the limits of the event loop",
    (
        Text("Processes and threads"),
        Text("One thread, many connections"),
        Predict(
            "connections",
            "500 clients ask one thread at once, and each answer takes 50 ms of waiting. When are all served?",
            ("after some 25 seconds: 500 times 50 ms", "after 1 to 10 seconds", "in less than a second"),
            time_for_all,
        ),
        CONNECTIONS,
        Text("When somebody calculates"),
        Predict(
            "blocking",
            "In Node.js a password is hashed inside `new Promise(...)`. How often does a 10 ms timer fire meanwhile?",
            ("not once", "less often than it should", "nearly as often as it should"),
            beats_meanwhile("node", PROMISE),
        ),
        Predict(
            "blocking",
            "In Python it is hashed in 40 slices, with `await asyncio.sleep(0)` after each. How often does the heart "
            "beat?",
            ("not once", "less than half as often as it should", "at least half as often as it should"),
            beats_meanwhile("python", A_TURN["python"]),
        ),
        BLOCKING,
        Text("Concurrent is not parallel"),
        Predict(
            "promise-all",
            "Four functions that calculate are started together, by Promise.all or asyncio.gather. How many of them "
            "are under way at the same moment?",
            ("all four", "two: as many as there are cores here", "one"),
            how_many_calculate,
        ),
        PROMISE_ALL,
        Text("A thread beside the loop"),
        Predict(
            "gil-lag",
            "In Python a thread calculates, beside an event loop that sleeps 1 ms at a time. How late does it wake up?",
            ("hardly at all", "about 5 ms", "when the thread is done"),
            how_late,
        ),
        GIL_LAG,
        Text("What threads are good for"),
        QUIZ,
    ),
)
