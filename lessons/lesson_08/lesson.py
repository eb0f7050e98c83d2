"""Lesson 8: thread pools; asynchronous operations in workers."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Limits,
    Measured,
    NotMeasured,
    Outcome,
    Predict,
    Question,
    Quiz,
    Text,
    duration,
    figure,
    memory,
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


def measured_ones(measured: Measured, variants):
    """The rows of these variants; packages that are not installed are left out, the first must be there."""
    first, *others = variants[measured.kind]
    return [measured.row(first), *(measured.row(each) for each in others if measured.has(each))]


def two_at_once(measured: Measured):
    rows = measured_ones(measured, POOLS)
    return all(row["at_once"] <= 2 for row in rows), f"at most {max(row['at_once'] for row in rows)} at once"


def two_do_it_all(measured: Measured):
    rows = measured_ones(measured, POOLS)
    return all(len(row["threads"]) == 2 for row in rows), " and ".join(str(len(row["threads"])) for row in rows)


def four_turns(measured: Measured):
    rows = measured_ones(measured, POOLS)
    told = ", ".join(duration(row["last_ns"]) for row in rows)
    return all(row["last_ns"] >= 3.9 * TASK_NS for row in rows), told


def half_the_time(measured: Measured):
    rows = measured_ones(measured, POOLS)
    return all(row["last_ns"] < 0.8 * TASKS * TASK_NS for row in rows), four_turns(measured)[1]


def killed_is_told(measured: Measured):
    rows = measured_ones(measured, KILLED)
    return all(row["outcome"].startswith(("rejects", "Broken", "Terminated")) for row in rows), "; ".join(
        row["outcome"] for row in rows
    )


def killed_is_replaced(measured: Measured):
    rows = measured_ones(measured, KILLED)
    done = sum(row["next"] for row in rows)
    return done == len(rows), f"the next task was done, in {done} of {len(rows)} pools"


def pool_never_answers(measured: Measured):
    row = measured.row(KILLED_POOL)
    return row["outcome"].startswith("no answer"), row["outcome"]


def thread_runs_on(measured: Measured):
    row = measured.row(TIME_OUT["python"])
    return "TimeoutError" in row["outcome"] and "to its end" in row["outcome"], row["outcome"]


def worker_is_stopped(measured: Measured):
    row = measured.row(TIME_OUT["node"])
    return "rejects" in row["outcome"] and "was stopped" in row["outcome"], row["outcome"]


POOL = Demo(
    "pool",
    "Eight tasks of 100 ms for two workers. Then a task that kills its worker, and one for which nobody waits.",
    (
        Column("variant", "variant"),
        Column("threads", "workers", "ids"),
        Column("at_once", "at once", "count"),
        Column("ended", "ended after (ms)"),
        Column("outcome", "outcome"),
    ),
    (
        Claim("Never more than two tasks run at once.", two_at_once),
        Claim("The same two workers do all eight tasks.", two_do_it_all),
        Claim("Eight tasks, two at a time, take no less than four turns.", four_turns),
        Claim("And far less than eight.", half_the_time, cores=1),
        Claim("A task whose worker dies ends with an error.", killed_is_told),
        Claim("The dead worker is replaced: the next task is done.", killed_is_replaced, ("node",)),
        Claim(
            "multiprocessing.Pool does not tell: its caller waits, and hears nothing.", pool_never_answers, ("python",)
        ),
        Claim("A time-out ends the waiting. The thread runs on.", thread_runs_on, ("python",)),
        Claim("A Worker can be ended: workerpool does that when the time is up.", worker_is_stopped, ("node",)),
    ),
    threads=None,
    seconds=None,
    timeline=True,
)


def when_the_last_ends(measured):
    rows = [(run.runtime, run.row(OWN)["last_ns"]) for run in measured]
    told = "; ".join(f"{runtime}: {duration(last)}" for runtime, last in rows)
    choices = {0 if last < 2.5e8 else 1 if last < 6e8 else 2 for _, last in rows}
    return Outcome(choices.pop() if len(choices) == 1 else None, f"the last task ended after, {told}.")


# ---- hidden-pools

ROOM = {"python": "the default pool, one sleeper", "node": "4 threads, as it is by default"}
FULL = {"python": "the default pool, full of sleepers", "node": "1 thread: UV_THREADPOOL_SIZE=1"}
APART, IN_CODE = "the sleepers in a pool of their own", "set to 1 in code, after the first use"


def of_first(row):
    return f"the {row['first']} one was done first; the quick one took {duration(row['took_ns'])}"


def is_first(which, variants):
    def judge(measured: Measured):
        row = measured.row(variants)
        return row["first"] == which, of_first(row)

    return judge


HIDDEN_POOLS = Demo(
    "hidden-pools",
    "A quick call and some slow ones in a pool that you never started: which is done first?",
    (
        Column("variant", "variant"),
        Column("size", "threads", "count"),
        Column("slow", "slow ones", "count"),
        Column("first", "done first"),
        Column("took_ns", "the quick one", "ns"),
    ),
    (
        Claim("While a thread of the pool is free, a quick call is done at once.", is_first("quick", ROOM)),
        Claim(
            "When all are taken, it waits for a slow one, though it has nothing to do with it.", is_first("slow", FULL)
        ),
        Claim("Slow ones in a pool of their own hold up nobody else.", is_first("quick", APART), ("python",)),
        Claim(
            "Once the pool has started, UV_THREADPOOL_SIZE set in code changes nothing.",
            is_first("quick", IN_CODE),
            ("node",),
        ),
    ),
    threads=None,
    seconds=None,
)


def who_is_first(measured):
    rows = [(run.runtime, run.row(FULL)) for run in measured]
    told = "; ".join(f"{runtime}: {of_first(row)}" for runtime, row in rows)
    choices = {{"quick": 0, "slow": 1}[row["first"]] for _, row in rows}
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{told}.")


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


def one_thread_waits_for_all(measured: Measured):
    row = measured.row(AWAITS_ALL)
    return (row["at_once"], len(row["threads"])) == (row["tasks"], 1), of_tasks(row)


def one_each(measured: Measured):
    row = measured.row(ONE_BY_ONE)
    return row["at_once"] <= 2, of_tasks(row)


def times_longer(slow, quick, factor):
    def judge(measured: Measured):
        a, b = measured.row(slow), measured.row(quick)
        return a["took_ns"] > factor * b["took_ns"], f"{of_tasks(a)} against {of_tasks(b)}"

    return judge


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
    (
        Column("variant", "variant"),
        Column("threads", "workers", "ids"),
        Column("tasks", "tasks", "count"),
        Column("at_once", "at once", "count"),
        Column("took_ns", "took", "ns"),
        Column("links", "links", "count"),
        Column("ticks", "ticks", "count"),
    ),
    (
        Claim("One worker that awaits its tasks has all ten under way, on one thread.", one_thread_waits_for_all),
        Claim("Workers that take one task at a time have no more under way than there are workers.", one_each),
        Claim("So they take more than twice as long.", times_longer(ONE_BY_ONE, AWAITS_ALL, 2), cores=1),
        Claim("Every page came, with every link in it.", pages_are_right),
        Claim("Who fetches several pages at a time has more than two open at the server.", server_sees_more),
        Claim("A timer goes on in a Worker that has nothing to do.", own_timer_fires, ("node",)),
        Claim(
            "In a Worker of piscina it stands still between two tasks, unless asked otherwise.",
            piscina_freezes,
            ("node",),
        ),
    ),
    threads=None,
    seconds=None,
)


def how_long_ten_take(measured):
    rows = [(run.runtime, run.row(AWAITS_ALL)) for run in measured]
    told = "; ".join(f"{runtime}: {of_tasks(row)}" for runtime, row in rows)
    choices = {0 if row["took_ns"] < 2e8 else 1 if row["took_ns"] < 4e8 else 2 for _, row in rows}
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{told}.")


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


def more_memory(measured: Measured):
    each, few = measured.row(EACH)["bytes"], measured.row(FEW)["bytes"]
    if not each or not few:
        raise NotMeasured("the system does not tell the memory of a process")
    return each > 2 * few, f"{memory(each)} against {memory(few)}"


def later_answers(measured: Measured):
    each, few = measured.row(EACH)["took_ns"], measured.row(FEW)["took_ns"]
    return each > 1.3 * few, f"{duration(each)} against {duration(few)}: ×{each / few:.1f}"


def threads_are_cheaper(measured: Measured):
    thread, process = measured.row(THREADS)["took_ns"], measured.row(EACH)["took_ns"]
    return process > 2 * thread, f"{duration(process)} against {duration(thread)}: ×{process / thread:.0f}"


EXHAUST = Demo(
    "exhaust",
    "A burst of requests: a worker for each of them, or a pool of two for all?",
    (
        Column("variant", "variant"),
        Column("requests", "requests", "count"),
        Column("starts", "starts", "count"),
        Column("at_once", "at once", "count"),
        Column("bytes", "memory", "bytes"),
        Column("took_ns", "last answer", "ns"),
    ),
    (
        Claim("Both answer every request.", all_answered),
        Claim("A worker each means as many starts as requests; the pool starts two.", many_starts),
        Claim("The crowd takes more than twice the memory of the pool.", more_memory),
        Claim("And the last answer comes later, not sooner.", later_answers),
        Claim("A crowd of threads is far cheaper than one of processes.", threads_are_cheaper, ("python",)),
    ),
    threads=Limits(12, 4, 32),  # a process takes some 17 MB here: never more than 600 MB in all
    seconds=None,
)


def what_the_crowd_costs(measured):
    told, choices = [], set()
    for run in measured:
        each, few = run.row(EACH)["took_ns"], run.row(FEW)["took_ns"]
        told.append(f"{run.runtime}: {duration(each)} with a worker each, {duration(few)} with the pool")
        choices.add(0 if each < few / 1.3 else 1 if each < 1.3 * few else 2)
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{'; '.join(told)}.")


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


def not_right(measured: Measured):
    row = measured.row(LOST)
    return row["right"] < 3, of_lines(row)


def also_lost(measured: Measured):
    rows = [measured.row(variant) for variant in ALSO_LOST]
    return all(row["right"] == 0 for row in rows), "; ".join(of_lines(row) for row in rows)


def is_kept(measured: Measured):
    rows = measured_ones(measured, KEPT)
    return all(row["right"] == 3 for row in rows), f"all three right, in {len(rows)} ways"


def lost_elsewhere(measured: Measured):
    rows = measured_ones(measured, ELSEWHERE)
    return all(row["right"] == 0 for row in rows), "; ".join(of_lines(row) for row in rows)


def sent_along(measured: Measured):
    row = measured.row(SENT)
    return row["right"] == 3, of_lines(row)


CONTEXT = Demo(
    "context",
    "Three requests hand work to a pool. Which request do the log lines say they belong to?",
    (
        Column("variant", "variant"),
        Column("asked", "asked by"),
        Column("seen", "the lines say"),
        Column("right", "right", "count"),
    ),
    (
        Claim("A pool that nobody told of contexts mixes them up, or has none.", not_right),
        Claim("So do a future's callbacks, and run_in_executor.", also_lost, ("python",)),
        Claim("Bound to its context, or awaited, every line names its own request.", is_kept),
        Claim("No context follows into another process, or into a Worker.", lost_elsewhere),
        Claim("What is needed there must be sent along.", sent_along),
    ),
    threads=None,
    seconds=None,
)


def what_the_lines_say(measured):
    rows = [(run.runtime, run.row(LOST)) for run in measured]
    told = "; ".join(f"{runtime}: {row['seen']}" for runtime, row in rows)
    right = all(row["right"] == 3 for _, row in rows)
    return Outcome(0 if right else 1, f"asked by {rows[0][1]['asked']}, the lines say, {told}.")


# ---- the quiz

QUIZ = Quiz(
    (
        Question(
            "Your program first reads a configuration file, then sets process.env.UV_THREADPOOL_SIZE = '16'. How large "
            "is libuv's pool?",
            ("16", "As large as it was when it started: 4", "16 from the next tick on"),
            1,
            "The pool starts with its first job, and keeps its size. Nobody promises that code is early enough: set it "
            "in the environment, before Node.js starts.",
            figure("hidden-pools", "node", IN_CODE, of_first),
            beliefs=(23,),
        ),
        Question(
            "A task in a worker of piscina starts a setInterval, to clean up now and then. When does it fire?",
            ("Whenever it is due", "Never", "Only while some task runs there, unless piscina is asked otherwise"),
            2,
            "Between tasks piscina's workers wait in Atomics.wait: that is quick, and stops their event loops. With "
            "atomics: 'disabled' they go on turning.",
            figure("async-workers", "node", PISCINA, lambda row: f"it fired {row['ticks']} times in 100 ms of rest"),
            beliefs=(24,),
        ),
        Question(
            "The system kills a process of a multiprocessing.Pool in the middle of a task. What does its caller get?",
            ("An exception, at once", "Nothing: it waits for ever", "The answer: the task is done again"),
            1,
            "The pool starts a new process, and forgets the task. ProcessPoolExecutor and loky raise an error.",
            figure("pool", "python", KILLED_POOL, lambda row: row["outcome"]),
            beliefs=(25,),
        ),
        Question(
            "future.result(timeout=1) raises TimeoutError. What does the thread that runs the task do?",
            ("It stops", "It goes on to the end", "It is restarted"),
            1,
            "A time-out ends your waiting, and nothing else: a thread cannot be stopped from outside. The worker stays "
            "taken, and the next task waits for it.",
            figure("pool", "python", TIME_OUT, lambda row: row["outcome"]),
            beliefs=(26,),
        ),
        Question(
            "Ten tasks each wait 50 ms for a database. What do they need?",
            ("One worker that awaits them, or none at all", "Ten workers", "A pool with ten threads, to be safe"),
            0,
            "Waiting takes no thread. A pool of workers is for tasks that calculate, or that block.",
            figure("async-workers", "node", AWAITS_ALL, of_tasks),
        ),
        Question(
            "Your pool calls back from the `message` event of its Worker. What does AsyncLocalStorage say there?",
            (
                "The request that asked",
                "Whatever was there when the Worker was made",
                "It raises an error",
            ),
            1,
            "A listener belongs to the place where its Worker was made. AsyncResource.bind ties a callback to the "
            "request that handed it over; a promise does so by itself.",
            figure("context", "node", LOST, of_lines),
        ),
        Question(
            "Why is a worker for every request worse than a pool, when every request gets its answer either way?",
            (
                "It is not: more workers do more",
                "Each start costs time and memory; the cores stay the same",
            ),
            1,
            "A burst of requests becomes a burst of starts. A pool lets them wait in line, which costs nearly nothing.",
            figure("exhaust", "node", EACH, lambda row: f"{row['starts']} starts, {memory(row['bytes'])}"),
        ),
    )
)

LESSON = Lesson(
    8,
    "Thread pools; asynchronous operations in workers",
    (
        Text("A few workers, and a line"),
        Predict(
            "pool",
            "Eight tasks of 100 ms each, two workers. When is the last one done?",
            ("after 100 to 250 ms", "after about 400 ms", "after 800 ms"),
            when_the_last_ends,
        ),
        POOL,
        Text("Limits, and what is behind them"),
        Predict(
            "exhaust",
            "A burst of requests, a few milliseconds of work each. A process or Worker for each, or a pool of two: "
            "when does the last answer come?",
            ("sooner with a worker each", "at about the same time", "later with a worker each"),
            what_the_crowd_costs,
        ),
        EXHAUST,
        Text("The pools you did not start"),
        Predict(
            "hidden-pools",
            "All threads of the pool are busy with something slow. You read a small file (in Python: call something "
            "trivial by to_thread). What is done first?",
            ("the quick one", "a slow one"),
            who_is_first,
        ),
        HIDDEN_POOLS,
        Text("Workers that await"),
        Predict(
            "async-workers",
            "Ten tasks that wait for 50 ms, all in one worker with an event loop. How long does it take?",
            ("less than 200 ms", "200 to 400 ms", "500 ms and more"),
            how_long_ten_take,
        ),
        ASYNC_WORKERS,
        Text("Whose log line is it?"),
        Predict(
            "context",
            "Three requests use the same pool, and its callbacks (in Python: its threads) write log lines. Do they "
            "name the right request?",
            ("yes, each its own", "no"),
            what_the_lines_say,
        ),
        CONTEXT,
        Text("Pools to take, and pools to write"),
        QUIZ,
    ),
)
