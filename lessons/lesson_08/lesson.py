"""Lesson 8: thread pools; asynchronous operations in workers."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
    Predict,
    Quiz,
    Range,
    Text,
    answer,
    buckets,
    duration,
    every,
    figure,
    memory,
    ratio,
    rows_of,
)

# ---- pool

OWN = {"python": "two threads: our own pool", "node": "two workers: our own pool"}
POOLS = {
    "python": (
        "two threads: our own pool",
        "two threads: ThreadPoolExecutor",
        "two processes: ProcessPoolExecutor",
        "two processes: loky",
    ),
    "node": ("two workers: our own pool", "two workers: workerpool", "two workers: piscina"),
}
TASKS, TASK_NS = 8, 100e6
KILLED = {
    "python": ("killed: ProcessPoolExecutor", "killed: loky"),
    "node": ("killed: our own pool", "killed: workerpool", "killed: piscina"),
}
KILLED_POOL = "killed: multiprocessing.Pool"
TIME_OUT = {"python": "time-out: ThreadPoolExecutor", "node": "time-out: workerpool"}


def of_workers(row):
    return f"{len(row['threads'])} workers, at most {row['at_once']} at once"


def of_last(row):
    return duration(row["last_ns"])


def last_after(least=0, most=1e12):
    """In every pool the last of the eight tasks ends after so many turns, or so few."""
    return every(POOLS, lambda row: least * TASK_NS <= row["last_ns"] < most * TASK_NS, of_last, there=True)


def of_outcome(row):
    return row["outcome"]


def has_outcome(variants, *parts):
    """The outcome in these rows says each of these."""
    return every(variants, lambda row: all(part in row["outcome"] for part in parts), of_outcome, there=True)


def killed_is_told(measured: Measured):
    told = ("rejects", "Broken", "Terminated")
    return every(KILLED, lambda row: row["outcome"].startswith(told), of_outcome, there=True)(measured)


def killed_is_replaced(measured: Measured):
    rows = rows_of(measured, KILLED, there=True)
    done = sum(row["next"] for row in rows)
    return done == len(rows), f"the next task was done, in {done} of {len(rows)} pools"


POOL = Demo(
    "pool",
    "Eight tasks of 100 ms for two workers. Then a task that kills its worker, and one for which nobody waits.",
    (Column("variant", "variant"), Column("at_once", "at once", "count"), Column("ended", "ended after (ms)"),
     Column("outcome", "outcome")),
    (
        Claim("Never more than two tasks run at once.",
              every(POOLS, lambda row: row["at_once"] <= 2, of_workers, there=True)),
        Claim("The same two workers do all eight tasks.",
              every(POOLS, lambda row: len(row["threads"]) == 2, of_workers, there=True)),
        Claim("Eight tasks, two at a time, take no less than four turns.", last_after(least=3.9)),
        Claim("And far less than eight.", last_after(most=0.8 * TASKS), cores=1),
        Claim("A task whose worker dies ends with an error.", killed_is_told),
        Claim("The dead worker is replaced: the next task is done.", killed_is_replaced, ("node",)),
        Claim("multiprocessing.Pool does not tell: its caller waits, and hears nothing.",
              has_outcome(KILLED_POOL, "no answer"), ("python",)),
        Claim("A time-out ends the waiting. The thread runs on.", has_outcome(TIME_OUT, "TimeoutError", "to its end"),
              ("python",)),
        Claim("A Worker can be ended: workerpool does that when the time is up.",
              has_outcome(TIME_OUT, "rejects", "was stopped"), ("node",)),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip


# ---- hidden-pools

ROOM = {"python": "the default pool, one sleeper", "node": "4 threads, as it is by default"}
FULL = {"python": "the default pool, full of sleepers", "node": "1 thread: UV_THREADPOOL_SIZE=1"}
APART, IN_CODE = "the sleepers in a pool of their own", "set to 1 in code, after the first use"


def of_first(row):
    return f"the {row['first']} one was done first; the quick one took {duration(row['took_ns'])}"


def is_first(which, variants):
    return every(variants, lambda row: row["first"] == which, of_first)


HIDDEN_POOLS = Demo(
    "hidden-pools",
    "A quick call and some slow ones in a pool that you never started: which is done first?",
    (Column("variant", "variant"), Column("size", "threads", "count"), Column("slow", "slow ones", "count"),
     Column("first", "done first"), Column("took_ns", "the quick one", "ns")),
    (
        Claim("While a thread of the pool is free, a quick call is done at once.", is_first("quick", ROOM)),
        Claim("When all are taken, it waits for a slow one, though it has nothing to do with it.",
              is_first("slow", FULL)),
        Claim("Slow ones in a pool of their own hold up nobody else.", is_first("quick", APART), ("python",)),
        Claim("Once the pool has started, UV_THREADPOOL_SIZE set in code changes nothing.", is_first("quick", IN_CODE),
              ("node",)),
    ),
    threads=None, seconds=None, bars="first",
)  # fmt: skip


def who_is_first(run):
    return {"quick": 0, "slow": 1}[run.row(FULL)["first"]]


# ---- async-workers

AWAITS_ALL, ONE_BY_ONE, FIVE = (
    "1 worker, awaits all of them",
    "2 workers, one task at a time",
    "2 workers, five tasks at a time",
)
PAGES_ONE, PAGES_FIVE = "scraping, one page at a time", "scraping, five pages at a time"
RESTS = "a timer at rest: a Worker of our own"
PISCINA, PISCINA_AWAKE = "a timer at rest: piscina", "a timer at rest: piscina, atomics: disabled"
LINKS = 55  # 1 + 2 + ... + 10


def of_tasks(row):
    return f"{row['at_once']} at once, {duration(row['took_ns'])}"


def times_longer(slow, quick, factor):
    return ratio(("took_ns", slow), ("took_ns", quick), over=factor)


def pages_are_right(measured: Measured):
    rows = [measured.row(PAGES_ONE), measured.row(PAGES_FIVE)]
    told = " and ".join(f"{row['tasks']} pages with {row['links']} links" for row in rows)
    return all(row["links"] == LINKS for row in rows), told


def server_sees_more(measured: Measured):
    one, five = measured.row(PAGES_ONE), measured.row(PAGES_FIVE)
    return one["at_once"] <= 2 < five["at_once"], f"{one['at_once']} against {five['at_once']} open at once"


def ticks(measured: Measured, variant):
    return measured.row(variant)["ticks"]


def own_timer_fires(measured: Measured):
    fired = ticks(measured, RESTS)
    return fired > 0, f"it fired {fired} times in 100 ms"


def piscina_freezes(measured: Measured):
    frozen, awake = ticks(measured, PISCINA), ticks(measured, PISCINA_AWAKE)
    return frozen == 0 < awake, f"{frozen} times, and {awake} times with atomics: 'disabled'"


ASYNC_WORKERS = Demo(
    "async-workers",
    "Ten tasks that wait 50 ms, and ten real pages to fetch: one at a time for each worker, or several?",
    (Column("variant", "variant"), Column("tasks", "tasks", "count"), Column("at_once", "at once", "count"),
     Column("took_ns", "took", "ns"), Column("links", "links", "count"), Column("ticks", "ticks", "count")),
    (
        Claim("One worker that awaits its tasks has all ten under way, on one thread.",
              every(AWAITS_ALL, lambda row: (row["at_once"], len(row["threads"])) == (row["tasks"], 1), of_tasks)),
        Claim("Workers that take one task at a time have no more under way than there are workers.",
              every(ONE_BY_ONE, lambda row: row["at_once"] <= 2, of_tasks)),
        Claim("So they take more than twice as long.", times_longer(ONE_BY_ONE, AWAITS_ALL, 2), cores=1),
        Claim("Every page came, with every link in it.", pages_are_right),
        Claim("Fetching several pages at a time keeps more than two open at the server.", server_sees_more),
        Claim("A timer goes on in a Worker that has nothing to do.", own_timer_fires, ("node",)),
        Claim("In a Worker of piscina it stands still between two tasks, unless asked otherwise.", piscina_freezes,
              ("node",)),
    ),
    threads=None, seconds=None, bars="took_ns",
)  # fmt: skip


# ---- exhaust

EACH = {"python": "a process for each request", "node": "a Worker for each request"}
FEW = {"python": "a pool of 2 processes", "node": "a pool of 2 Workers"}
THREADS = "a thread for each request"


def all_answered(measured: Measured):
    rows = [row for row in measured.rows if "skipped" not in row]
    return all(row["answered"] == row["requests"] for row in rows), f"{sum(row['answered'] for row in rows)} answers"


def many_starts(measured: Measured):
    each, few = measured.row(EACH), measured.row(FEW)
    told = f"{each['starts']} starts against {few['starts']}, for {each['requests']} requests"
    return each["starts"] == each["requests"] and few["starts"] == 2, told


EXHAUST = Demo(
    "exhaust",
    "A burst of requests: a worker for each of them, or a pool of two for all?",
    (Column("variant", "variant"), Column("requests", "requests", "count"), Column("starts", "starts", "count"),
     Column("at_once", "at once", "count"), Column("bytes", "memory", "bytes"), Column("took_ns", "last answer", "ns")),
    (
        Claim("Both answer every request.", all_answered),
        Claim("A worker each means as many starts as requests; the pool starts two.", many_starts),
        Claim("The crowd takes more than twice the memory of the pool.",
              ratio(("bytes", EACH), ("bytes", FEW), over=2, form=memory)),
        Claim("And the last answer comes later, not sooner.", ratio(("took_ns", EACH), ("took_ns", FEW), over=1.3)),
        Claim("A crowd of threads is far cheaper than one of processes.",
              ratio(("took_ns", EACH), ("took_ns", THREADS), over=2), ("python",)),
    ),
    threads=Range(12, 4, 32),  # a process takes some 17 MB here: never more than 600 MB in all
    seconds=None,
)  # fmt: skip


def crowd(run):
    each, few = run.row(EACH)["took_ns"], run.row(FEW)["took_ns"]
    return each / few, f"{duration(each)} with a worker each, {duration(few)} with the pool"


# ---- context

LOST = {"python": "ThreadPoolExecutor: submit", "node": "our own pool, callbacks"}
KEPT = {
    "python": ("asyncio: to_thread", "ThreadPoolExecutor: copy_context().run"),
    "node": (
        "our own pool, AsyncResource",
        "our own pool, a promise",
        "workerpool: after await",
        "piscina: after await",
    ),
}
ALSO_LOST = ("ThreadPoolExecutor: a callback", "asyncio: run_in_executor")
ELSEWHERE = {"python": ("ProcessPoolExecutor: submit", "loky: submit"), "node": ("in the Worker",)}
SENT = {"python": "ProcessPoolExecutor: the id sent along", "node": "in the Worker, the id sent along"}


def of_lines(row):
    return f"asked by {row['asked']}, the lines say {row['seen']}"


def right(variants, count, told=of_lines):
    """So many of the three lines name the right request, in each of these."""
    return every(variants, lambda row: row["right"] == count, told, there=True)


def told_right(row):
    return f"{row['variant']}: {row['right']} right"


CONTEXT = Demo(
    "context",
    "Three requests hand work to a pool. Which request do the log lines say they belong to?",
    (Column("variant", "variant"), Column("asked", "asked by"), Column("seen", "the lines say"),
     Column("right", "right", "count")),
    (
        Claim("A pool that nobody told of contexts mixes them up, or has none.",
              every(LOST, lambda row: row["right"] < 3, of_lines)),
        Claim("So do a future's callbacks, and run_in_executor.", right(ALSO_LOST, 0), ("python",)),
        Claim("Bound to its context, or awaited, every line names its own request.", right(KEPT, 3, told_right)),
        Claim("No context follows into another process, or into a Worker.", right(ELSEWHERE, 0)),
        Claim("What is needed there must be sent along.", right(SENT, 3)),
    ),
    threads=None, seconds=None,
)  # fmt: skip


# ---- the quiz

QUIZ = Quiz(
    {
        "in_code": figure("hidden-pools", "node", IN_CODE, of_first),
        "frozen": figure(
            "async-workers", "node", PISCINA, lambda row: f"it fired {row['ticks']} times in 100 ms of rest"
        ),
        "killed": figure("pool", "python", KILLED_POOL, lambda row: row["outcome"]),
        "time_out": figure("pool", "python", TIME_OUT, lambda row: row["outcome"]),
        "awaits": figure("async-workers", "node", AWAITS_ALL, of_tasks),
        "listener": figure("context", "node", LOST, of_lines),
        "crowd": figure("exhaust", "node", EACH, lambda row: f"{row['starts']} starts, {memory(row['bytes'])}"),
    }
)

LESSON = Lesson(
    8,
    "Thread pools; asynchronous operations in workers",
    (
        Text("Eight tasks, two workers"),
        Predict("pool", "Eight tasks of 100 ms each, two workers. When is the last one done?",
            ("after 100 to 250 ms", "after about 400 ms", "after 800 ms"),
            buckets(lambda run: run.row(OWN)["last_ns"], (2.5e8, 6e8), lambda run: of_last(run.row(OWN)))),
        POOL,
        Text("A few workers, and a line"),
        Predict("exhaust",
            "A burst of requests, a few milliseconds of work each. A process or Worker for each, or a pool of two: "
            "when does the last answer come?",
            ("sooner with a worker each", "at about the same time", "later with a worker each"),
            buckets(lambda run: crowd(run)[0], (1 / 1.3, 1.3), lambda run: crowd(run)[1])),
        EXHAUST,
        Text("Limits, and what is behind them"),
        Text("Threads that nobody started"),
        Predict("hidden-pools",
            "All threads of the pool are busy with something slow. You read a small file (in Python: call something "
            "trivial by to_thread). What is done first?", ("the quick one", "a slow one"),
            answer(who_is_first, lambda run: of_first(run.row(FULL)))),
        HIDDEN_POOLS,
        Text("The pools you did not start"),
        Predict("async-workers",
            "Ten tasks that wait for 50 ms, all in one worker with an event loop. How long does it take?",
            ("less than 200 ms", "200 to 400 ms", "500 ms and more"),
            buckets(lambda run: run.row(AWAITS_ALL)["took_ns"], (2e8, 4e8), lambda run: of_tasks(run.row(AWAITS_ALL)))),
        ASYNC_WORKERS,
        Text("Workers that await"),
        Text("Three requests, one pool"),
        Predict("context",
            "Three requests use the same pool, and its callbacks (in Python: its threads) write log lines. Do they "
            "name the right request?", ("yes, each its own", "no"),
            answer(lambda run: 0 if run.row(LOST)["right"] == 3 else 1, lambda run: of_lines(run.row(LOST)))),
        CONTEXT,
        Text("Whose log line is it?"),
        Text("Pools to take, and pools to write"),
        QUIZ,
    ),
)  # fmt: skip
