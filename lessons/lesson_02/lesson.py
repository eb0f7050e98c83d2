"""Lesson 2: worker threads, what they are and when to use them."""

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
    first,
    has_gil,
    has_no_gil,
    memory,
)

VARIANT = Column("variant", "variant")
THREADS = Column("threads", "threads", "ids")

# ---- what several experiments need


def figure(demo, kind, told):
    """What a demo measured here, for the answer of a quiz: `told` makes a sentence of a run."""
    return lambda runs: told(first(runs[demo], kind))


# ---- parallel

BY_TURNS = {"python": "2 coroutines", "node": "2 async functions"}
AT_ONCE = {"python": "2 processes", "node": "2 workers"}


def per_second(row):
    return f"{row['per_s']:,} flips a second"


def hardly_flips(measured: Measured):
    row = measured.row(BY_TURNS[measured.kind])
    return row["flips"] <= 2, f"{row['flips']} flips in all"


def flips_more(fast, slow, factor):
    """The fast variant flips more than `factor` times as often as the slow one."""

    def judge(measured: Measured):
        a, b = (measured.row(names[measured.kind]) for names in (fast, slow))
        return a["per_s"] > factor * b["per_s"], f"{per_second(a)} against {per_second(b)}"

    return judge


PARALLEL = Demo(
    "parallel",
    "Do two things really run at once? Two sides flip one shared number back and forth.",
    (
        VARIANT,
        THREADS,
        Column("flips", "flips", "count"),
        Column("per_s", "per second", "count"),
        Column("ns_per_flip", "per flip", "ns"),
    ),
    (
        Claim(
            "Two async functions that do not await never run at once: the second begins after the first.", hardly_flips
        ),
        Claim(
            "Two processes run at once: they flip more than 20 times as often as two threads, which take turns.",
            flips_more(AT_ONCE, {"python": "2 threads"}, 20),
            ("python",),
            cores=2,
            applies=has_gil,
        ),
        Claim(
            "Without a GIL two threads run at once.",
            flips_more({"python": "2 threads"}, BY_TURNS, 1_000),
            ("python",),
            cores=2,
            applies=has_no_gil,
        ),
        Claim(
            "Two workers run at once: they flip more than a thousand times as often as two async functions.",
            flips_more(AT_ONCE, BY_TURNS, 1_000),
            ("node",),
            cores=2,
        ),
    ),
    threads=None,
    seconds=Limits(0.3, 0.05, 5),
)

FLIPS = ("fewer than 1,000", "1,000 to 100,000", "more than 100,000")


def flips_of(kind, variant):
    def happened(measured):
        run = first(measured, kind)
        row = run.row(variant)
        choice = 0 if row["per_s"] < 1_000 else 1 if row["per_s"] <= 100_000 else 2
        if variant in AT_ONCE.values() and choice < 2 and run.cores_free < 1.7:
            raise NotMeasured(f"needs two free cores, {run.cores_free:.1f} free now")
        return Outcome(choice, f"{variant} in {run.runtime}: {per_second(row)}.")

    return happened


# ---- gil

PURE = {"python": "pure Python", "node": "plain JavaScript"}
OUTSIDE_THE_GIL = ("sha256 of 4 MB", "zlib")


def cores(row):
    return f"{row['cores']:.2f} cores"


def told_cores(measured, variants):
    return "; ".join(f"{variant}: {cores(measured.row(variant))}" for variant in variants)


def at_most_one_core(*variants):
    def judge(measured: Measured):
        return all(measured.row(variant)["cores"] < 1.15 for variant in variants), told_cores(measured, variants)

    return judge


def more_than_one_core(*variants):
    def judge(measured: Measured):
        return all(measured.row(variant)["cores"] > 1.2 for variant in variants), told_cores(measured, variants)

    return judge


def in_the_time_of_one(variant):
    """Two of them take less than 1.5 times as long as one."""

    def judge(measured: Measured):
        row = measured.row(variant)
        both, alone = row["together_ns"], row["alone_ns"]
        return both < 1.5 * alone, f"one {duration(alone)}, two {duration(both)}"

    return judge


GIL = Demo(
    "gil",
    "Which work gets done sooner when two threads share it? How many cores were busy?",
    (
        VARIANT,
        THREADS,
        Column("alone_ns", "one", "ns"),
        Column("together_ns", "two", "ns"),
        Column("speedup", "speed-up", "times"),
        Column("cores", "cores", "times"),
    ),
    (
        Claim(
            "With a GIL two threads of pure Python use one core, not two.",
            at_most_one_core(PURE["python"]),
            ("python",),
            applies=has_gil,
        ),
        Claim(
            "Without a GIL they use more than one.",
            more_than_one_core(PURE["python"]),
            ("python",),
            cores=2,
            applies=has_no_gil,
        ),
        Claim("Two sleeping threads take no longer than one: a wait needs no core.", in_the_time_of_one("sleep")),
        Claim(
            "The hash of a large block and compression let go of the GIL: two threads use more than one core.",
            more_than_one_core(*OUTSIDE_THE_GIL),
            ("python",),
            cores=2,
        ),
        Claim(
            "The hash of 2,047 bytes keeps the GIL.",
            at_most_one_core("sha256 of 2,047 bytes"),
            ("python",),
            applies=has_gil,
        ),
        Claim(
            "The hash of one byte more lets go of it: two threads use more than one core.",
            more_than_one_core("sha256 of 2,048 bytes"),
            ("python",),
            cores=2,
        ),
        Claim(
            "Two workers use more than one core, whatever they compute.",
            more_than_one_core(PURE["node"], *OUTSIDE_THE_GIL, "sha256 of 2,047 bytes"),
            ("node",),
            cores=2,
        ),
        Claim(
            "Two async functions that compute use one core.",
            at_most_one_core("two async functions, plain JavaScript"),
            ("node",),
        ),
        Claim(
            "Two timers on one thread take no longer than one: for a wait it takes no worker.",
            in_the_time_of_one("two async functions, timers"),
            ("node",),
        ),
    ),
    threads=None,
    seconds=Limits(0.05, 0.02, 1),
)


def busy_cores(run, variant):
    """How many cores were busy. Raises NotMeasured where it should be two, and the machine had none to spare."""
    row = run.row(variant)
    if variant != PURE["python"] and row["cores"] <= 1.2 and run.cores_free < 1.7:
        raise NotMeasured(f"needs two free cores, {run.cores_free:.1f} free now")
    return row["cores"]


def cores_of(kind, variant):
    """Which came true: one core, or more."""

    def happened(measured):
        run = first(measured, kind)
        busy = busy_cores(run, variant)
        return Outcome(int(busy > 1.2), f"two threads of `{variant}` in {run.runtime}: {busy:.2f} cores busy.")

    return happened


# ---- cost

SPAWN = {"python": "process, spawn", "node": "process, fork"}


def starts_slower(slow, fast, factor):
    def judge(measured: Measured):
        a, b = measured.row(slow)["start_ns"], measured.row(fast)["start_ns"]
        return a > factor * b, f"{duration(a)} against {duration(b)}: ×{a / b:,.0f}"

    return judge


def needs_more(large, small, factor):
    def judge(measured: Measured):
        a, b = size_of(measured, large), size_of(measured, small)
        return a > factor * b, f"{memory(a)} against {memory(b)}"

    return judge


def size_of(measured, variant):
    size = measured.row(variant)["bytes"]
    if size is None:
        raise NotMeasured("the memory of a process cannot be told here")
    return size


def needs_size(*variants):
    def judge(measured: Measured):
        sizes = {variant: size_of(measured, variant) for variant in variants}
        told = "; ".join(f"{variant}: {memory(size)}" for variant, size in sizes.items())
        return all(size > 1e6 for size in sizes.values()), told

    return judge


def pays_to_keep(variant, factor):
    """Five jobs by a new worker each take more than `factor` times as long as by one that is kept."""

    def judge(measured: Measured):
        row = measured.row(variant)
        new, kept = row["new_each_ns"], row["kept_ns"]
        return new > factor * kept, f"{duration(new)} against {duration(kept)}: ×{new / kept:,.0f}"

    return judge


COST = Demo(
    "cost",
    "What does a worker cost: to start, to keep, and for five small jobs?",
    (
        VARIANT,
        THREADS,
        Column("start_ns", "start", "ns"),
        Column("bytes", "memory", "bytes"),
        Column("new_each_ns", "a new one each", "ns"),
        Column("kept_ns", "one kept", "ns"),
    ),
    (
        Claim(
            "A new process takes more than 20 times as long to start as a thread.",
            starts_slower(SPAWN["python"], "thread", 20),
            ("python",),
        ),
        Claim(
            "A new process needs more than 20 times the memory of a thread.",
            needs_more(SPAWN["python"], "thread", 20),
            ("python",),
        ),
        Claim(
            "A process for every job costs more than 20 times as much as one process that is kept.",
            pays_to_keep(SPAWN["python"], 20),
            ("python",),
        ),
        Claim(
            "A Worker and a child process need megabytes each: they bring a JavaScript world of their own.",
            needs_size("Worker", SPAWN["node"]),
            ("node",),
        ),
        Claim(
            "A Worker for every job costs more than 10 times as much as one Worker that is kept.",
            pays_to_keep("Worker", 10),
            ("node",),
        ),
        Claim(
            "A child process for every job costs more than 10 times as much as one that is kept.",
            pays_to_keep(SPAWN["node"], 10),
            ("node",),
        ),
    ),
    threads=None,
    seconds=None,
)


def start_of_a_process(measured):
    run = first(measured, "python")
    process, thread = run.row(SPAWN["python"])["start_ns"], run.row("thread")["start_ns"]
    ratio = process / thread
    choice = 0 if ratio < 3 else 1 if ratio <= 30 else 2
    told = f"a thread {duration(thread)}, a process by spawn {duration(process)} ({run.runtime}): ×{ratio:,.0f}"
    return Outcome(choice, f"{told}.")


def price_of_new_workers(measured):
    run = first(measured, "node")
    row = run.row("Worker")
    ratio = row["new_each_ns"] / row["kept_ns"]
    choice = 0 if ratio < 3 else 1 if ratio <= 10 else 2
    told = f"five jobs by new Workers {duration(row['new_each_ns'])}, by one {duration(row['kept_ns'])}"
    return Outcome(choice, f"{told} ({run.runtime}): ×{ratio:,.0f}.")


# ---- ipc

CALL = "function call, 100 B"
MESSAGE = {"python": "process, pipe", "node": "Worker, postMessage"}


def arrives(variants, how):
    def judge(measured: Measured):
        rows = [measured.row(f"{variant}, {size}") for variant in variants[measured.kind] for size in ("100 B", "1 MB")]
        told = "; ".join(f"{row['variant']}: {row['arrives']}" for row in rows)
        return all(row["arrives"] == how for row in rows), told

    return judge


def grows(variant, factor):
    """A message of 1 MB costs more than `factor` times one of 100 bytes."""

    def judge(measured: Measured):
        ratio, told = growth(measured, variant)
        return ratio > factor, told

    return judge


def does_not_grow(variant, factor):
    def judge(measured: Measured):
        ratio, told = growth(measured, variant)
        return ratio < factor, told

    return judge


def growth(measured, variant):
    small, large = (measured.row(f"{variant}, {size}")["ns"] for size in ("100 B", "1 MB"))
    return large / small, f"100 B {duration(small)}, 1 MB {duration(large)}: ×{large / small:,.1f}"


def dearer_than_a_call(variant, factor):
    def judge(measured: Measured):
        call, message = measured.row(CALL)["ns"], measured.row(f"{variant}, 100 B")["ns"]
        return message > factor * call, f"{duration(message)} against {duration(call)}: ×{message / call:,.0f}"

    return judge


IPC = Demo(
    "ipc",
    "What does a message cost, by its size and by its way?",
    (
        VARIANT,
        THREADS,
        Column("arrives", "arrives"),
        Column("per_s", "trips per second", "count"),
        Column("ns", "per message", "ns"),
    ),
    (
        Claim(
            "A queue between two threads hands over the object itself.",
            arrives({"python": ("thread, queue",)}, "as itself"),
            ("python",),
        ),
        Claim(
            "To a process, and to a Worker, everything is copied.",
            arrives(
                {"python": ("process, pipe",), "node": ("Worker, postMessage", "process, child.send")}, "as a copy"
            ),
        ),
        Claim(
            "So for threads a message of 1 MB costs about as much as one of 100 bytes (less than 5 times as much).",
            does_not_grow("thread, queue", 5),
            ("python",),
        ),
        Claim("For processes it costs more than twice as much.", grows("process, pipe", 2), ("python",)),
        Claim("For Workers it costs more than twice as much.", grows("Worker, postMessage", 2), ("node",)),
        Claim(
            "Even a small message costs more than 10 times a function call.",
            dearer_than_a_call("thread, queue", 10),
            ("python",),
        ),
        Claim(
            "Even a small message to a Worker costs more than 5 times an awaited function call.",
            dearer_than_a_call("Worker, postMessage", 5),
            ("node",),
        ),
    ),
    threads=None,
    seconds=Limits(0.1, 0.02, 2),
)

GROWTH = ("about the same", "3 to 10 times as much", "more than 10 times as much")


def growth_of(kind, variant):
    def happened(measured):
        run = first(measured, kind)
        ratio, told = growth(run, variant)
        return Outcome(0 if ratio < 3 else 1 if ratio <= 10 else 2, f"{variant} in {run.runtime}: {told}.")

    return happened


# ---- hash

ON_THE_LOOP = "on the event loop"
ALONE = {"python": "one process: executor", "node": "one worker: workerpool"}
POOLS = {
    "python": ("2 processes: Pool", "2 processes: executor"),
    "node": ("2 workers: workerpool", "2 processes: worker-farm"),
}


def answered(row):
    long, short = duration(row["long_ns"]), duration(row["short_ns"])
    return f"long after {long}, short after {short}"


def nothing_beats(measured: Measured):
    row = measured.row(ON_THE_LOOP)
    lag, work = row["worst_ns"], row["work_ns"]
    return row["beats"] <= 2 and lag > 0.9 * work, f"{row['beats']} beats, worst lag {duration(lag)}"


def stands_in_line(measured: Measured):
    row = measured.row(ALONE[measured.kind])
    return row["first"] == "long" and row["beats"] > 2, f"{answered(row)}; {row['beats']} beats meanwhile"


def short_is_first(measured: Measured):
    rows = [measured.row(variant) for variant in POOLS[measured.kind]]
    return all(row["first"] == "short" for row in rows), "; ".join(f"{row['variant']}: {answered(row)}" for row in rows)


def two_did_it(measured: Measured):
    rows = [measured.row(variant) for variant in POOLS[measured.kind]]
    told = "; ".join(f"{row['variant']}: {' and '.join(map(str, row['threads']))}" for row in rows)
    return all(len(set(row["threads"])) == 2 for row in rows), told


HASH = Demo(
    "hash",
    "A long job, and right behind it one a tenth as long: who waits for whom?",
    (
        VARIANT,
        THREADS,
        Column("long_ns", "long after", "ns"),
        Column("short_ns", "short after", "ns"),
        Column("beats", "beats", "count"),
        Column("worst_ns", "worst lag", "ns"),
    ),
    (
        Claim(
            "On the event loop: nothing else happens meanwhile, and the short job waits for the long one.",
            nothing_beats,
        ),
        Claim(
            "With one worker the loop is free, and still the short job stands in line behind the long one.",
            stands_in_line,
        ),
        Claim("With two workers the short job is answered first.", short_is_first),
        Claim("Two different workers did the two jobs.", two_did_it),
    ),
    threads=None,
    seconds=None,
    timeline=True,
)


def who_is_first(variants):
    def happened(measured):
        rows = [(run, run.row(variants[run.kind])) for run in measured if run.has(variants[run.kind])]
        if not rows:
            raise NotMeasured(measured[0].reason or "no run")
        told = "; ".join(f"{run.runtime}: {answered(row)}" for run, row in rows)
        firsts = {row["first"] for _, row in rows}
        return Outcome({"short": 0, "long": 1}[firsts.pop()] if len(firsts) == 1 else None, f"{told}.")

    return happened


# ---- the quiz

QUIZ = Quiz(
    (
        Question(
            "A server spends its time waiting for a database. Will two workers make it faster?",
            ("Yes: two wait faster than one", "Hardly: one event loop waits for many things at once"),
            1,
            "A wait needs no core. A worker helps where something is computed.",
            figure(
                "gil",
                "node",
                lambda run: (
                    f"Two timers on one thread in {run.runtime}: "
                    f"{in_the_time_of_one('two async functions, timers')(run)[1]}."
                ),
            ),
            beliefs=(3,),
        ),
        Question(
            "Each request starts a Worker of its own, which computes for a millisecond. What is wrong with that?",
            (
                "Nothing: Workers are made for it",
                "A Worker may not end so soon",
                "Starting it costs far more than the work",
            ),
            2,
            "Start a few, and hand each the next job when it is done: a pool.",
            figure("cost", "node", lambda run: f"Five jobs in {run.runtime}: {pays_to_keep('Worker', 10)(run)[1]}."),
            beliefs=(4,),
        ),
        Question(
            "Two Python threads (with a GIL) compute in pure Python. How much sooner are they done than one?",
            ("Not sooner", "In half the time", "It depends on the number of cores"),
            0,
            "The GIL lets one of them at a time run Python code. Two processes would use two cores.",
            figure("gil", "python", lambda run: f"{run.runtime}: {busy_cores(run, PURE['python']):.2f} cores busy."),
        ),
        Question(
            "And two Python threads that compress files with zlib?",
            ("Not sooner either: there is the GIL", "Sooner: zlib lets go of the GIL while it works"),
            1,
            "So do hashes of large blocks, and everything that waits. What counts is who runs: Python code, or C code.",
            figure("gil", "python", lambda run: f"{run.runtime}: {busy_cores(run, 'zlib'):.2f} cores busy."),
        ),
        Question(
            "A program has several threads, and one of them calls os.fork(). Is that safe?",
            (
                "Yes: the child is a copy",
                "No: the child inherits locks that other threads held, and nobody to release them",
                "Yes, if the child starts no threads",
            ),
            1,
            "Only the thread that called fork lives on in the child. Take spawn or forkserver: they copy no running "
            "thread. (Since 3.12 Python warns about it.)",
            beliefs=(5,),
        ),
        Question(
            "A child process changes a list that its parent made. What does the parent see?",
            ("The change", "Nothing: the child changed its own copy"),
            1,
            "Processes have no memory in common. Whatever goes from one to the other is copied, in a message.",
            figure(
                "ipc", "python", lambda run: f"{run.runtime}: {arrives({'python': ('process, pipe',)}, '')(run)[1]}."
            ),
        ),
        Question(
            "One worker has just begun a job of ten seconds, and one of a second comes. When is the short one done?",
            ("After one second", "After two seconds: they share the worker", "After eleven seconds"),
            2,
            "A worker does one thing after the other: the short job stands in line. The event loop is free, but that "
            "does not help this job; a second worker does.",
            figure("hash", "python", lambda run: f"{run.runtime}, one worker: {answered(run.row(ALONE['python']))}."),
        ),
    )
)

LESSON = Lesson(
    2,
    "Worker threads: what they are, when to use them",
    (
        Text("What a worker is"),
        Predict(
            "parallel",
            "Two Python threads flip one number back and forth, as fast as they can. How many flips a second?",
            FLIPS,
            flips_of("python", "2 threads"),
        ),
        Predict(
            "parallel",
            "And two Node.js workers?",
            FLIPS,
            flips_of("node", "2 workers"),
        ),
        PARALLEL,
        Text("Threads that take turns"),
        Predict(
            "gil",
            "Two Python threads run pure Python. How many cores are busy?",
            ("one", "more than one"),
            cores_of("python", PURE["python"]),
        ),
        Predict(
            "gil",
            "Two Python threads hash blocks of 4 MB. How many cores are busy?",
            ("one", "more than one"),
            cores_of("python", "sha256 of 4 MB"),
        ),
        GIL,
        Text("Child processes, and why threads are lighter"),
        Predict(
            "cost",
            "How long does a new Python process (spawn) take to start, beside a thread?",
            ("about as long", "3 to 30 times as long", "more than 30 times as long"),
            start_of_a_process,
        ),
        Predict(
            "cost",
            "Five small jobs in Node.js: by a new Worker each, beside one Worker that is kept?",
            ("about as long", "3 to 10 times as long", "more than 10 times as long"),
            price_of_new_workers,
        ),
        COST,
        Text("What a message costs"),
        Predict(
            "ipc",
            "Between two Python threads: what does a message of 1 MB cost, beside one of 100 bytes?",
            GROWTH,
            growth_of("python", "thread, queue"),
        ),
        Predict(
            "ipc",
            "And between two threads of Node.js?",
            GROWTH,
            growth_of("node", "Worker, postMessage"),
        ),
        IPC,
        Text("A farm of workers"),
        Predict(
            "hash",
            "One worker. A long job, and right behind it one a tenth as long: which is answered first?",
            ("the short one", "the long one"),
            who_is_first(ALONE),
        ),
        HASH,
        Text("When to use a worker, and when not"),
        QUIZ,
    ),
)
