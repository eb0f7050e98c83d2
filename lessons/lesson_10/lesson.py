"""Lesson 10: monitoring and logging."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
    NotMeasured,
    Outcome,
    Predict,
    Quiz,
    Range,
    Text,
    answer,
    duration,
    every,
    figure,
    first,
    percent,
)

# ---- monitor

AT_ONCE = "block, right after the start"
WARM = "block, after a warm-up"
LOOP, BUSY, IDLE = "event loop", "busy worker", "idle worker"
BEHIND = "busy worker, after a block"


def of_delay(row):
    return f"p99 {duration(row['p99_ns'])}, mean {duration(row['mean_ns'])}"


def misses_it(measured: Measured):
    row = measured.row(AT_ONCE)
    return row["p99_ns"] < row["blocked_ns"] / 2, of_delay(row)


def sees_it(measured: Measured):
    row = measured.row(WARM)
    return row["p99_ns"] > row["blocked_ns"] * 0.9, of_delay(row)


def hidden_in_the_mean(measured: Measured):
    row = measured.row(WARM)
    return row["p99_ns"] > 3 * row["mean_ns"], of_delay(row)


def reads_one_half(measured: Measured):
    busy, idle = (measured.row(variant)["utilisation"] for variant in (BUSY, IDLE))
    return 0.3 < busy < 0.75 and idle < 0.1, f"{percent(busy)} against {percent(idle)}"


def hardly_busy(measured: Measured):
    utilisation = measured.row(LOOP)["utilisation"]
    return utilisation < 0.3, percent(utilisation)


def on_a_core(measured: Measured):
    busy, idle = (measured.row(variant).get("cpu") for variant in (BUSY, IDLE))
    if busy is None or idle is None:
        raise NotMeasured("the system does not tell the CPU time of a thread")
    return busy > 10 * idle, f"{percent(busy)} of a core against {percent(idle)}"


def of_jobs(measured: Measured):
    calm, behind = measured.row(BUSY)["waiting"], measured.row(BEHIND)
    return f"{behind['waiting']} jobs waiting, before at most {calm}"


def jobs_pile_up(measured: Measured):
    behind = measured.row(BEHIND)
    return behind["waiting"] > behind["due"] / 2, of_jobs(measured)


def what_the_histogram_says(measured):
    run = first(measured, "node")
    row = run.row(AT_ONCE)
    p99 = row["p99_ns"]
    choice = 0 if p99 > row["blocked_ns"] * 0.9 else 2 if p99 < row["blocked_ns"] / 2 else 1
    return Outcome(choice, f"{run.runtime}: {of_delay(row)}.")


def how_many_jobs_wait(measured):
    most = max(run.row(BEHIND)["waiting"] for run in measured)
    choice = 0 if most <= 2 else 1 if most <= 5 else 2
    return Outcome(choice, "; ".join(f"{run.runtime}: {of_jobs(run)}" for run in measured) + ".")


MONITOR = Demo(
    "monitor",
    "An event loop, a busy worker and an idle one are watched while they work. Then the loop is blocked for 200 ms.",
    (Column("variant", "variant"), Column("utilisation", "utilisation", "share"), Column("cpu", "CPU", "share"),
     Column("mean_ns", "mean delay", "ns"), Column("p99_ns", "p99", "ns"), Column("waiting", "waiting", "count")),
    (
        Claim("A block that comes right after the start of the watch is not seen.", misses_it, cores=2),
        Claim("After a warm-up the same block is seen.", sees_it),
        Claim("The mean hides what the p99 shows.", hidden_in_the_mean, cores=2),
        Claim("Utilisation: a worker with 10 ms of work every 20 ms reads about a half, one without work nothing.",
              reads_one_half, cores=2),
        Claim("The loop that hands out the jobs is hardly busy.", hardly_busy, cores=2),
        Claim("The CPU time of each thread says who works: more than ten times as much.", on_a_core),
        Claim("When the loop was blocked, the jobs of that time come all at once, and wait.", jobs_pile_up),
    ),
    threads=None, seconds=Range(2, 0.5, 30), bars="p99_ns",
)  # fmt: skip

# ---- marks

SPANS = {
    "node": ("main: mark, mark, measure", "main: timerify, PerformanceObserver", "worker: mark, mark, measure",
             "worker: timerify, PerformanceObserver"),
    "python": ("main: perf_counter_ns, the wall", "thread: perf_counter_ns, the wall"),
}  # fmt: skip
LOOP_TOOLS = tuple(f"{where}: {tool}" for where in ("main", "worker")
                   for tool in ("monitorEventLoopDelay, max", "eventLoopUtilization, active"))  # fmt: skip
OF_ITS_OWN, DEBUG = "main: entries of the worker", "asyncio's debug mode"


def of_took(row):
    return f"{row['variant']}: {duration(row['took_ns'])}"


def of_entries(row):
    return f"{row['entries']} entries"


MARKS = Demo(
    "marks",
    "20 ms of work (in Node.js twice, in Python and 20 ms of sleep): what does each tool read, in each thread?",
    (Column("variant", "tool"), Column("took_ns", "reads", "ns"), Column("entries", "entries", "count")),
    (
        Claim("Marks, measures and timed functions read what the work took, in each thread.",
              every(SPANS["node"], lambda row: row["took_ns"] >= 19e6, of_took), ("node",)),
        Claim("The loop's own tools read how long it was held up.",
              every(LOOP_TOOLS, lambda row: row["took_ns"] >= 19e6, of_took), ("node",)),
        Claim("A worker's entries are its own: the main thread finds none of them.",
              every(OF_ITS_OWN, lambda row: row["entries"] == 0, of_entries), ("node",)),
        Claim("The clock on the wall reads the work and the sleep.",
              every(SPANS["python"], lambda row: row["took_ns"] >= 39e6, of_took), ("python",)),
        Claim("The CPU time of a thread leaves out the sleep.", every(
              ("main: thread_time_ns, this thread's CPU", "thread: thread_time_ns, this thread's CPU"),
              lambda row: 19e6 <= row["took_ns"] < 38e6, of_took, ), ("python",)),
        Claim("asyncio's debug mode logs the slow callback.",
              every(DEBUG, lambda row: row["entries"] >= 1, of_entries), ("python",)),
    ),
    threads=None, seconds=None, bars="entries",
)  # fmt: skip

# ---- logging

SLOW, FAST = "a slow handler", "a fast handler"
QUEUED = {"python": "through a queue", "node": "through a port"}
TWO_FILE, ONE_WRITER = "2 processes, one file", "2 processes, one writer"
CONSOLE, SYNC = "terminate(), console.log", "terminate(), writeSync"
EXIT_LATER = {"python": "sys.exit(), through a queue", "node": "process.exit(), createWriteStream"}
EXIT_KEPT = {
    "python": ("sys.exit(), through a queue, stopped", "sys.exit(), at once"),
    "node": ("process.exit(), writeSync",),
}
ELSEWHERE = {"python": "request r-7, in a pool's thread", "node": "request r-7, in a worker"}
ALONG = {"python": "request r-7, its context sent along", "node": "request r-7, its id sent along"}
LISTENER = "request r-7, in the listener of its answer"


def of_lost(row):
    return f"{row['lost']:,} of {row['lines']:,} lost"


def all_in_one_place(measured: Measured):
    rows = [row for row in measured.rows if "seen" in row]
    whole = all(row["lost"] == 0 and row["seen"] == sorted(row["threads"]) for row in rows)
    lines = sum(row["lines"] for row in rows)
    return whole and bool(rows), f"{lines:,} lines, {sum(row['lost'] for row in rows)} lost, in {len(rows)} ways"


def gain(measured, handler):
    """How many times less a line costs who logs, where the handler is behind a queue; and both costs in words."""
    here = measured.row(f"{handler}, at once")["ns_per_line"]
    there = measured.row(f"{handler}, {QUEUED[measured.kind]}")["ns_per_line"]
    return here / max(there, 1), f"{duration(here)} against {duration(there)} a line"


def wins(measured: Measured):
    ratio, told = gain(measured, SLOW)
    return ratio > 20, f"{told}: ×{ratio:,.0f}"


def wins_little(measured: Measured):
    (slow, _), (fast, told) = gain(measured, SLOW), gain(measured, FAST)
    return slow > 10 * fast, f"{told}: ×{fast:.1f}, where the slow one gives ×{slow:,.0f}"


def loses(*variants):
    """Each of these that was measured lost lines; the first must have been."""

    def judge(measured: Measured):
        rows = [measured.row(variants[0]), *(measured.row(name) for name in variants[1:] if measured.has(name))]
        return all(row["lost"] > 0 for row in rows), "; ".join(map(of_lost, rows))

    return judge


def loses_none(*variants):
    def judge(measured: Measured):
        rows = [measured.row(variants[0]), *(measured.row(name) for name in variants[1:] if measured.has(name))]
        return all(row["lost"] == 0 for row in rows), "; ".join(map(of_lost, rows))

    return judge


def says(variants, request):
    def judge(measured: Measured):
        row = measured.row(variants)
        return row["request"] == request, f"the line says: {row['request']}"

    return judge


def lines_at_exit(measured):
    rows = [run.row(EXIT_LATER) for run in measured]
    lost = [row["lost"] > 0 for row in rows]
    sentence = "; ".join(
        f"{run.runtime}, `{row['variant']}`: {of_lost(row)}" for run, row in zip(measured, rows, strict=True)
    )
    return Outcome(1 if all(lost) else None if any(lost) else 0, f"{sentence}.")


def request_elsewhere(measured):
    told = [(run, run.row(ELSEWHERE)["request"]) for run in measured]
    choices = {"none": 1, "r-7": 0}
    found = {choices.get(request, 2) for _, request in told}
    sentence = "; ".join(f"{run.runtime}: {request}" for run, request in told)
    return Outcome(found.pop() if len(found) == 1 else None, f"{sentence}.")


LOGGING = Demo(
    "logging",
    "Many threads and processes log. Who writes the lines, what does a line cost, and which are lost?",
    (Column("variant", "variant"), Column("lines", "lines", "count"), Column("arrived", "arrived", "count"),
     Column("lost", "lost", "count"), Column("ns_per_line", "a line", "ns"), Column("request", "request")),
    (
        Claim("Through one queue every line of every thread arrives, with its thread's id.", all_in_one_place),
        Claim("Where writing is slow, a queue makes logging cheap for who logs.", wins),
        Claim("Where writing is fast, a queue gains little.", wins_little),
        Claim("Two processes that rename the same full file lose what was in it.", loses(TWO_FILE), ("python",)),
        Claim("One writer for both loses none.", loses_none(ONE_WRITER), ("python",)),
        Claim("What still waits in a queue at sys.exit() is lost.", loses(EXIT_LATER["python"]), ("python",)),
        Claim("Nothing is lost where the queue is stopped first, or where each line is written at once.",
              loses_none(*EXIT_KEPT["python"]), ("python",)),
        Claim("What a stream has not written at process.exit() is lost, with winston and bunyan too.",
              loses(EXIT_LATER["node"], "process.exit(), winston", "process.exit(), bunyan"), ("node",)),
        Claim("Nothing is lost where each line is written at once; pino can do that.",
              loses_none(*EXIT_KEPT["node"], "process.exit(), pino"), ("node",)),
        Claim("console.log in a worker that is terminated: nearly all is lost.", loses(CONSOLE), ("node",)),
        Claim("What the worker writes itself, at once, is there.", loses_none(SYNC), ("node",)),
        Claim("A line from another thread does not know the request it is for.", says(ELSEWHERE, "none")),
        Claim("It does where the request is sent along.", says(ALONG, "r-7")),
        Claim("A listener knows the request that was served when the worker was started, which is the wrong one.",
              says(LISTENER, "r-1"), ("node",)),
    ),
    threads=Range(4, 2, 16), seconds=None, bars="lost",
    script="log_lines",  # logging.py would hide the module of that name: a script's own folder comes first on sys.path
)  # fmt: skip

# ---- the quiz

QUIZ = Quiz(
    {
        "elsewhere": figure("logging", "node", ELSEWHERE, lambda row: f"the line says: {row['request']}"),
        "debug": figure("marks", "python", DEBUG, lambda row: f"{row['entries']} of its lines name a slow callback"),
        "warm": figure("monitor", "node", WARM, of_delay),
        "at_once": figure("monitor", "node", AT_ONCE, of_delay),
        "queued": figure(
            "logging", "python", f"{SLOW}, through a queue", lambda row: f"{duration(row['ns_per_line'])} a line"
        ),
        "exit": figure("logging", "node", EXIT_LATER, of_lost),
        "two_writers": figure("logging", "python", TWO_FILE, of_lost),
    }
)

LESSON = Lesson(
    10,
    "Monitoring and logging",
    (
        Text("A worker's mark"),
        Predict("marks",
            "A Node.js worker calls performance.measure('a'). What does performance.getEntriesByName('a') find in the "
            "main thread?", ("that measure", "nothing", "an error"), answer(
            lambda run: 1 if run.row(OF_ITS_OWN)["entries"] == 0 else 0, lambda run: of_entries(run.row(OF_ITS_OWN)),
            "node", )),
        MARKS,
        Text("What to watch"),
        Text("Blocked for 200 ms"),
        Predict("monitor",
            "In Node.js the delay histogram is started, and right after it the loop is blocked for 200 ms. "
            "What does it read?", ("some 200 ms", "some 100 ms", "some 10 ms, as without the block"),
            what_the_histogram_says),
        Predict("monitor",
            "A loop hands a worker one job every 20 ms. It is blocked for 200 ms. How many jobs wait when it goes on?",
            ("0 to 2: the worker was not blocked", "3 to 5", "6 or more: all of those 200 ms"), how_many_jobs_wait),
        MONITOR,
        Text("Reading the figures"),
        Text("A line is a record"),
        Text("Lines on their way"),
        Predict("logging",
            "A program logs through a queue or a stream, and then calls exit. Are its lines in the file?",
            ("yes: exit waits for what is under way", "no: what waits is lost"), lines_at_exit),
        Predict("logging",
            "While request r-7 is served, a thread that was there before does a job for it, and logs a line. "
            "Which request does the line name?", ("r-7", "none", "another one"), request_elsewhere),
        LOGGING,
        Text("Many writers, one file"),
        Text("Whose line is it?"),
        Text("Rules for a line"),
        QUIZ,
    ),
)  # fmt: skip
