"""Lesson 2: worker threads, what they are and when to use them."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
    NotMeasured,
    Predict,
    Quiz,
    Range,
    Text,
    answer,
    before,
    buckets,
    count,
    duration,
    every,
    figure,
    has_gil,
    has_no_gil,
    memory,
    quoted,
    ratio,
    value,
)

VARIANT, THREADS = Column("variant", "variant"), Column("threads", "threads", "ids")

# ---- parallel

BY_TURNS = {"python": "2 coroutines", "node": "2 async functions"}
AT_ONCE = {"python": "2 processes", "node": "2 workers"}


def per_second(row):
    return f"{row['per_s']:,} flips a second"


def flips_more(fast, slow, factor):
    """The fast variant flips more than `factor` times as often as the slow one."""
    return ratio(("per_s", fast), ("per_s", slow), over=factor, form=lambda flips: f"{count(flips)} flips a second")


PARALLEL = Demo(
    "parallel",
    "Do two things really run at once? Two sides flip one shared number back and forth.",
    (VARIANT, THREADS, Column("flips", "flips", "count"), Column("per_s", "per second", "count"),
     Column("ns_per_flip", "per flip", "ns")),
    (
        Claim("Two async functions that do not await never run at once: the second begins after the first.",
              every(BY_TURNS, lambda row: row["flips"] <= 2, lambda row: f"{row['flips']} flips in all")),
        Claim("Two processes run at once: they flip more than 20 times as often as two threads, which take turns.",
              flips_more(AT_ONCE, {"python": "2 threads"}, 20), ("python",), cores=2, applies=has_gil),
        Claim("Without a GIL two threads run at once.", flips_more({"python": "2 threads"}, BY_TURNS, 1_000),
              ("python",), cores=2, applies=has_no_gil),
        Claim("Two workers run at once: they flip more than a thousand times as often as two async functions.",
              flips_more(AT_ONCE, BY_TURNS, 1_000), ("node",), cores=2),
    ),
    threads=None, seconds=Range(0.3, 0.05, 5), bars="per_s",
)  # fmt: skip

FLIPS = ("fewer than 1,000", "1,000 to 100,000", "more than 100,000")


def flips_of(kind, variant):
    def per_s(run):
        if variant in AT_ONCE.values() and run.row(variant)["per_s"] <= 100_000 and run.cores_free < 1.7:
            raise NotMeasured(f"needs two free cores, {run.cores_free:.1f} free now")
        return run.row(variant)["per_s"]

    return buckets(per_s, (1_000, 100_000), lambda run: f"{variant}, {per_second(run.row(variant))}", kind)


# ---- gil

PURE = {"python": "pure Python", "node": "plain JavaScript"}
OUTSIDE_THE_GIL = ("sha256 of 4 MB", "zlib")
TO_THE_BYTE = ("cores", "sha256 of 2,048 bytes"), ("cores", "sha256 of 2,047 bytes")


def of_cores(row):
    return f"{row['variant']}: {row['cores']:.2f} cores"


def at_most_one_core(*variants):
    return every(variants, lambda row: row["cores"] < 1.15, of_cores)


def more_than_one_core(*variants):
    return every(variants, lambda row: row["cores"] > 1.2, of_cores)


def in_the_time_of_one(variant):
    return ratio(("together_ns", variant), ("alone_ns", variant), under=1.5)


GIL = Demo(
    "gil",
    "Which work gets done sooner when two threads share it? How many cores were busy?",
    (VARIANT, Column("alone_ns", "one", "ns"), Column("together_ns", "two", "ns"),
     Column("speedup", "speed-up", "times"), Column("cores", "cores", "times")),
    (
        Claim("With a GIL two threads of pure Python use one core, not two.", at_most_one_core(PURE["python"]),
              ("python",), applies=has_gil),
        Claim("Without a GIL they use more than one.", more_than_one_core(PURE["python"]), ("python",), cores=2,
              applies=has_no_gil),
        Claim("Two sleeping threads take no longer than one: a wait needs no core.", in_the_time_of_one("sleep")),
        Claim("The hash of a large block and compression let go of the GIL: two threads use more than one core.",
              more_than_one_core(*OUTSIDE_THE_GIL), ("python",), cores=2),
        Claim("The hash of 2,047 bytes keeps the GIL.", at_most_one_core("sha256 of 2,047 bytes"), ("python",),
              applies=has_gil),
        Claim("The hash of one byte more lets go of it: two threads use more of the cores (before Python 3.15).",
              ratio(*TO_THE_BYTE, over=1.04, form="{:.2f} cores".format), ("python",), cores=2,
              applies=before(3, 15), hangs_on="how little of it is done without the lock"),
        Claim("Two workers use more than one core, whatever they compute.",
              more_than_one_core(PURE["node"], *OUTSIDE_THE_GIL, "sha256 of 2,047 bytes"), ("node",), cores=2),
        Claim("Two async functions that compute use one core.",
              at_most_one_core("two async functions, plain JavaScript"), ("node",)),
        Claim("Two timers on one thread take no longer than one: for a wait it takes no worker.",
              in_the_time_of_one("two async functions, timers"), ("node",)),
    ),
    threads=None, seconds=Range(0.1, 0.02, 1),
)  # fmt: skip


def busy_cores(run, variant):
    """How many cores were busy. Raises NotMeasured where it should be two, and the machine had none to spare."""
    row = run.row(variant)
    if variant != PURE["python"] and row["cores"] <= 1.2 and run.cores_free < 1.7:
        raise NotMeasured(f"needs two free cores, {run.cores_free:.1f} free now")
    return row["cores"]


def busy(variant):
    def judge(measured: Measured):
        return True, f"{busy_cores(measured, variant):.2f} cores busy"

    return judge


def cores_of(kind, variant):
    return answer(
        lambda run: int(busy_cores(run, variant) > 1.2),
        lambda run: f"two threads of `{variant}`, {busy_cores(run, variant):.2f} cores busy",
        kind,
    )


# ---- cost

SPAWN = {"python": "process, spawn", "node": "process, fork"}


def of_size(row):
    return f"{row['variant']}: {memory(row['bytes'])}"


def pays_to_keep(variant, factor):
    """Five jobs by a new worker each take more than `factor` times as long as by one that is kept."""
    return ratio(("new_each_ns", variant), ("kept_ns", variant), over=factor)


COST = Demo(
    "cost",
    "What does a worker cost: to start, to keep, and for five small jobs?",
    (VARIANT, Column("start_ns", "start", "ns"), Column("bytes", "memory", "bytes"),
     Column("new_each_ns", "a new one each", "ns"), Column("kept_ns", "one kept", "ns")),
    (
        Claim("A new process takes more than 20 times as long to start as a thread.",
              ratio(("start_ns", SPAWN["python"]), ("start_ns", "thread"), over=20), ("python",)),
        Claim("A new process needs more than 20 times the memory of a thread (before Python 3.15).",
              ratio(("bytes", SPAWN["python"]), ("bytes", "thread"), over=20, form=memory), ("python",),
              applies=before(3, 15)),
        Claim("A process for every job costs more than 20 times as much as one process that is kept.",
              pays_to_keep(SPAWN["python"], 20), ("python",)),
        Claim("A Worker and a child process need megabytes each: they bring a JavaScript world of their own.",
              every(("Worker", SPAWN["node"]), lambda row: row["bytes"] > 1e6, of_size), ("node",)),
        Claim("A Worker for every job costs more than 10 times as much as one Worker that is kept.",
              pays_to_keep("Worker", 10), ("node",)),
        Claim("A child process for every job costs more than 10 times as much as one that is kept.",
              pays_to_keep(SPAWN["node"], 10), ("node",)),
    ),
    threads=None, seconds=None, bars="start_ns",
)  # fmt: skip


def times_the(more, less):
    return lambda run: value(run, more) / value(run, less)


START = ("start_ns", SPAWN["python"]), ("start_ns", "thread")
KEEP = ("new_each_ns", "Worker"), ("kept_ns", "Worker")


# ---- ipc

CALL = "function call, 100 B"
MESSAGE = {"python": "process, pipe", "node": "Worker, postMessage"}


def arrives(variants, how):
    """Every message of these ways, small and large, arrives as itself, or as a copy."""
    sizes = {kind: [f"{way}, {size}" for way in ways for size in ("100 B", "1 MB")] for kind, ways in variants.items()}
    return every(sizes, lambda row: row["arrives"] == how, lambda row: f"{row['variant']}: {row['arrives']}")


def large(way):
    """The cells of a message of 1 MB, and of one of 100 bytes."""
    return ("ns", f"{way}, 1 MB"), ("ns", f"{way}, 100 B")


def dearer_than_a_call(way, factor):
    return ratio(("ns", f"{way}, 100 B"), ("ns", CALL), over=factor)


IPC = Demo(
    "ipc",
    "What does a message cost, by its size and by its way?",
    (VARIANT, Column("arrives", "arrives"), Column("per_s", "trips per second", "count"),
     Column("ns", "per message", "ns")),
    (
        Claim("A queue between two threads hands over the object itself.",
              arrives({"python": ("thread, queue",)}, "as itself"), ("python",)),
        Claim("To a process, and to a Worker, everything is copied.", arrives(
              {"python": ("process, pipe",), "node": ("Worker, postMessage", "process, child.send")}, "as a copy" )),
        Claim("So for threads a message of 1 MB costs about as much as one of 100 bytes (less than 5 times as much).",
              ratio(*large("thread, queue"), under=5), ("python",)),
        Claim("For processes it costs more than twice as much.", ratio(*large("process, pipe"), over=2), ("python",)),
        Claim("For Workers it costs more than twice as much.", ratio(*large("Worker, postMessage"), over=2), ("node",)),
        Claim("Even a small message costs more than 10 times a function call.",
              dearer_than_a_call("thread, queue", 10), ("python",)),
        Claim("Even a small message to a Worker costs more than 5 times an awaited function call.",
              dearer_than_a_call("Worker, postMessage", 5), ("node",)),
    ),
    threads=None, seconds=Range(0.1, 0.02, 2), bars="ns",
)  # fmt: skip

GROWTH = ("about the same", "3 to 10 times as much", "more than 10 times as much")


def growth_of(kind, way):
    return buckets(times_the(*large(way)), (3, 10), lambda run: ratio(*large(way))(run)[1], kind)


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


def in_line(row):
    return f"{answered(row)}; {row['beats']} beats meanwhile"


def told_of(row):
    return f"{row['variant']}: {answered(row)}"


def of_beats(row):
    return f"{row['beats']} beats, worst lag {duration(row['worst_ns'])}"


def of_workers(row):
    return f"{row['variant']}: {' and '.join(map(str, row['threads']))}"


HASH = Demo(
    "hash",
    "A long job, and right behind it one a tenth as long: who waits for whom?",
    (VARIANT, THREADS, Column("long_ns", "long after", "ns"), Column("short_ns", "short after", "ns"),
     Column("beats", "beats", "count"), Column("worst_ns", "worst lag", "ns")),
    (
        Claim("On the event loop: nothing else happens meanwhile, and the short job waits for the long one.",
              every(ON_THE_LOOP, lambda row: row["beats"] <= 2 and row["worst_ns"] > 0.9 * row["work_ns"], of_beats)),
        Claim("With one worker the loop is free, and still the short job stands in line behind the long one.",
              every(ALONE, lambda row: row["first"] == "long" and row["beats"] > 2, in_line)),
        Claim("With two workers the short job is answered first.",
              every(POOLS, lambda row: row["first"] == "short", told_of)),
        Claim("Two different workers did the two jobs.",
              every(POOLS, lambda row: len(set(row["threads"])) == 2, of_workers)),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip


def who_is_first(run):
    return {"short": 0, "long": 1}[run.row(ALONE)["first"]]


# ---- the quiz

QUIZ = Quiz(
    {
        "timers": quoted("gil", "node", in_the_time_of_one("two async functions, timers")),
        "new_each": quoted("cost", "node", pays_to_keep("Worker", 10)),
        "pure": quoted("gil", "python", busy(PURE["python"])),
        "zlib": quoted("gil", "python", busy("zlib")),
        "copied": quoted("ipc", "python", arrives({"python": ("process, pipe",)}, "as a copy")),
        "in_line": figure("hash", "python", ALONE, answered),
    }
)

LESSON = Lesson(
    2,
    "Worker threads: what they are, when to use them",
    (
        Text("Two sides, one number"),
        Predict("parallel",
            "Two Python threads flip one number back and forth, as fast as they can. How many flips a second?", FLIPS,
            flips_of("python", "2 threads")),
        Predict("parallel", "And two Node.js workers?", FLIPS, flips_of("node", "2 workers")),
        PARALLEL,
        Text("What a worker is"),
        Predict("gil", "Two Python threads run pure Python. How many cores are busy?", ("one", "more than one"),
            cores_of("python", PURE["python"])),
        Predict("gil", "Two Python threads hash blocks of 4 MB. How many cores are busy?", ("one", "more than one"),
            cores_of("python", "sha256 of 4 MB")),
        GIL,
        Text("Threads that take turns"),
        Predict("cost", "How long does a new Python process (spawn) take to start, beside a thread?",
            ("about as long", "3 to 30 times as long", "more than 30 times as long"),
            buckets(times_the(*START), (3, 30), lambda run: ratio(*START)(run)[1], "python")),
        Predict("cost", "Five small jobs in Node.js: by a new Worker each, beside one Worker that is kept?",
            ("about as long", "3 to 10 times as long", "more than 10 times as long"),
            buckets(times_the(*KEEP), (3, 10), lambda run: ratio(*KEEP)(run)[1], "node")),
        COST,
        Text("Child processes, and why threads are lighter"),
        Predict("ipc", "Between two Python threads: what does a message of 1 MB cost, beside one of 100 bytes?",
            GROWTH, growth_of("python", "thread, queue")),
        Predict("ipc", "And between two threads of Node.js?", GROWTH, growth_of("node", "Worker, postMessage")),
        IPC,
        Text("What a message costs"),
        Predict("hash", "One worker. A long job, and right behind it one a tenth as long: which is answered first?",
            ("the short one", "the long one"), answer(who_is_first, lambda run: answered(run.row(ALONE)))),
        HASH,
        Text("A farm of workers"), Text("When to use a worker, and when not"),
        QUIZ,
    ),
)  # fmt: skip
