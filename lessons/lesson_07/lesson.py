"""Lesson 7: what workers do for performance, and clusters of processes."""

from mtlearn.course import (
    CORES,
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
    duration,
    figure,
    memory,
    quoted,
)

# ---- a machine that has other things to do


def undisturbed(judge, *variants):
    """The claim does not fail where the machine was busy with other things while these variants were measured.

    It was when a calculation took much longer than the shortest one, or when the load's own timers came late.
    """

    def careful(measured: Measured):
        holds, told = judge(measured)
        best = min(row["best_ns"] for row in measured.rows if "best_ns" in row)
        for row in [] if holds else map(measured.row, variants):
            slower, late = row["mean_ns"] / best, row.get("late_ns", 0)
            if slower > 1.3 or late > 5e6:
                timers = f", timers came {duration(late)} late" if late > 5e6 else ""
                raise NotMeasured(
                    f"the machine was busy: a calculation took ×{slower:.1f} its best time{timers}; {told}"
                )
        return holds, told

    return careful


# ---- scaling


def seconds_of(measured: Measured):
    """The time it took by number of workers; with it, the number of cores."""
    cores = measured.row("no worker")["cores"]
    return {row["workers"]: row["took_ns"] for row in measured.rows}, cores


def all_count_alike(measured: Measured):
    found = {row["inside"] for row in measured.rows}
    return len(found) == 1, f"{' and '.join(f'{each:,}' for each in found)} points in the circle"


def all_take_part(measured: Measured):
    rows = [row for row in measured.rows if row["workers"]]
    told = ", ".join(f"{len(row['threads'])} of {row['workers']}" for row in rows)
    return all(len(row["threads"]) == row["workers"] for row in rows), told


def gains(measured: Measured):
    one, two = measured.row("1 worker"), measured.row("2 workers")
    ratio = one["took_ns"] / two["took_ns"]
    return ratio > 1.05, f"{duration(one['took_ns'])} against {duration(two['took_ns'])}: ×{ratio:.2f}"


def within_amdahl(measured: Measured):
    """A quarter above the law is what a processor's changing speed may add."""
    rows = [row for row in measured.rows if row["workers"]]
    told = "; ".join(f"{row['variant']} ×{row['speed_up']:.2f} of ×{row['amdahl']:.2f}" for row in rows)
    return all(row["speed_up"] < 1.25 * row["amdahl"] for row in rows), told


def more_than_cores_gain_nothing(measured: Measured):
    took, cores = seconds_of(measured)
    more = max(took)
    ratio = took[cores] / took[more]
    return ratio < 1.25, f"{more} workers on {cores} core{'s' * (cores > 1)}: ×{ratio:.2f} the speed of {cores}"


def more_cost_memory(measured: Measured):
    rows = {row["workers"]: row["bytes"] for row in measured.rows}
    one, most = measured.row("1 worker")["bytes"], rows[max(rows)]
    if not one:
        raise NotMeasured("the system, or a missing psutil, does not tell the memory")
    return most > 1.5 * one, f"{max(rows)} workers {memory(most)}, 1 worker {memory(one)}"


def wanted(measured: Measured):
    """The fewest workers that come within a tenth of the best time; with it, the number of cores."""
    took, cores = seconds_of(measured)
    return next(workers for workers in sorted(took) if took[workers] < 1.1 * min(took.values())), cores


def no_more_than_cores(measured: Measured):
    workers, cores = wanted(measured)
    free = f"{measured.cores_free:.1f} of {cores} cores free"
    return workers <= cores, f"this job wants {workers or 'no'} worker{'s' * (workers != 1)} here, {free}"


ALL_COUNTS = ("no worker", "1 worker", "2 workers")

SCALING = Demo(
    "scaling",
    "The same job with more and more workers: how much sooner is it done, and how many does it want?",
    (Column("variant", "variant"), Column("took_ns", "took", "ns"),
     Column("speed_up", "speed-up", "times"), Column("amdahl", "Amdahl", "times"), Column("bytes", "memory", "bytes")),
    (
        Claim("However many share the job, the result is the same.", all_count_alike),
        Claim("Every worker does a part of it.", all_take_part),
        Claim("Two workers are done sooner than one.", undisturbed(gains, "1 worker", "2 workers"), cores=2,
              hangs_on=CORES),
        Claim("What one thread must do alone sets the limit: no number of workers beats Amdahl's law.",
              undisturbed(within_amdahl, *ALL_COUNTS), cores=2),
        Claim("More workers than cores gain next to nothing.", undisturbed(more_than_cores_gain_nothing, *ALL_COUNTS),
              cores=2, hangs_on=CORES),
        Claim("But each of them takes memory.", more_cost_memory),
        Claim("A rule: take the fewest that come within a tenth of the best time. They are no more than the cores.",
              undisturbed(no_more_than_cores, *ALL_COUNTS), cores=2, hangs_on=CORES),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip


def how_many_help(measured):
    told, choices = [], set()
    for run in measured:
        workers, cores = wanted(run)
        told.append(f"{run.runtime}: {workers or 'no'} worker{'s' * (workers > 1)}, {cores} cores")
        choices.add(0 if workers <= 1 else 1 if workers <= cores else 2)
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{'; '.join(told)}.")


# ---- cluster

SINGLE, ONE, WORKERS, CLUSTER, BOTH = "single", "one worker", "workers", "cluster", "both"
UVICORN, UVICORN_BOTH = f"{CLUSTER}, uvicorn", f"{BOTH}, uvicorn"


def answers_nothing_meanwhile(*variants):
    def judge(measured: Measured):
        rows = [measured.row(variant) for variant in variants]
        told = "; ".join(f"{row['variant']}: {row['during']} of {row['fast']}" for row in rows)
        return all(row["during"] == 0 for row in rows), told

    return judge


def answers_meanwhile(*variants):
    def judge(measured: Measured):
        rows = [measured.row(variant) for variant in variants]
        told = "; ".join(f"{row['variant']}: {row['during']} of {row['fast']}" for row in rows)
        return all(row["during"] > 0 for row in rows), told

    return judge


def several_at_once(measured: Measured):
    single, cluster = measured.row(SINGLE), measured.row(CLUSTER)
    if cluster["at_once"] == 1 and cluster["slow"] < 8:
        raise NotMeasured(f"the machine was busy: only {cluster['slow']} slow pages were asked for")
    return single["at_once"] == 1 < cluster["at_once"], f"{single['at_once']} against {cluster['at_once']}"


def faster_pages(quick, slow, factor):
    """The p95 of fast pages is `factor` times shorter."""

    def judge(measured: Measured):
        a, b = measured.row(slow)["p95"], measured.row(quick)["p95"]
        return a > factor * b, f"p95 {duration(a)} against {duration(b)}: ×{a / b:.0f}"

    return undisturbed(judge, quick, slow)


def more_pages(more, less, factor=1.1):
    """It does `factor` times as many slow pages a second."""

    def judge(measured: Measured):
        a, b = measured.row(more)["slow_per_s"], measured.row(less)["slow_per_s"]
        return a > factor * b, f"{a:.0f} slow pages a second against {b:.0f}"

    return undisturbed(judge, more, less)


def both(*judges):
    def judge(measured: Measured):
        found = [each(measured) for each in judges]
        return all(holds for holds, _ in found), "; ".join(told for _, told in found)

    return judge


def nothing_failed(measured: Measured):
    rows = [row for row in measured.rows if "skipped" not in row]
    asked = sum(row["fast"] + row["slow"] for row in rows)
    return all(row["failed"] == 0 for row in rows), f"{asked:,} answered, {sum(row['failed'] for row in rows)} not"


CLUSTER_DEMO = Demo(
    "cluster",
    "A server with fast and slow pages under load, in several shapes: processes, workers, and both together.",
    (Column("variant", "variant"), Column("per_s", "per s", "count"),
     Column("slow_per_s", "slow/s", "count"), Column("during", "during", "count"), Column("p50", "p50", "ns"),
     Column("p95", "p95", "ns"), Column("p99", "p99", "ns")),
    (
        Claim("A process without workers answers no fast page while it calculates a slow one, in a cluster either.",
              answers_nothing_meanwhile(SINGLE, CLUSTER)),
        Claim("A process with workers goes on answering.", answers_meanwhile(ONE, WORKERS, BOTH)),
        Claim("A single process calculates one page at a time, a cluster several.", several_at_once),
        Claim("Workers buy tail latency: one of them is enough to bring the p95 of fast pages below a fifth.",
              faster_pages(ONE, SINGLE, 5), cores=2),
        Claim("A cluster buys throughput: more slow pages a second.", more_pages(CLUSTER, SINGLE), cores=2),
        Claim("But in a cluster alone fast pages still wait: their p95 is more than 3 times that with a worker.",
              faster_pages(ONE, CLUSTER, 3), cores=2),
        Claim("Both together keep both: the throughput of the cluster, and less than a fifth of the single p95.",
              both(more_pages(BOTH, SINGLE), faster_pages(BOTH, SINGLE, 5)), cores=2),
        Claim("uvicorn is no exception: its processes alone answer nothing meanwhile, and with workers they do.",
              both(answers_nothing_meanwhile(UVICORN), answers_meanwhile(UVICORN_BOTH)), ("python",)),
        Claim("And it keeps both, too.", both(more_pages(UVICORN_BOTH, SINGLE), faster_pages(UVICORN_BOTH, SINGLE, 5)),
              ("python",), cores=2),
        Claim("Every request was answered.", nothing_failed),
    ),
    threads=Range(2, 2, 4), seconds=Range(0.8, 0.3, 3), bars="p95",
)  # fmt: skip


def tail_of_a_single_process(measured):
    rows = [(run.runtime, run.row(SINGLE)["p95"]) for run in measured]
    choices = {0 if p95 < 10e6 else 1 if p95 < 50e6 else 2 for _, p95 in rows}
    told = "; ".join(f"{runtime}: {duration(p95)}" for runtime, p95 in rows)
    return Outcome(choices.pop() if len(choices) == 1 else None, f"p95 of fast pages, {told}.")


def what_helps_the_tail(measured):
    told, choices = [], set()
    for run in measured:
        single, cluster, worker = (run.row(variant)["p95"] for variant in (SINGLE, CLUSTER, ONE))
        told.append(
            f"{run.runtime}: {duration(single)} alone, {duration(cluster)} with a second process, "
            f"{duration(worker)} with a worker"
        )
        choices.add(0 if worker > 2 * cluster else 1 if cluster > 2 * worker else 2)
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{'; '.join(told)}.")


# ---- sticky

EACH, KEPT, SHARED = "a connection each", "one connection, kept alive", "a connection each, one counter"


def of_answers(row):
    return f"{' and '.join(map(str, row['answered']))} answered, the highest count is {row['counted']}"


def split_evenly(measured: Measured):
    row = measured.row(EACH)
    return set(row["answered"]) == {row["requests"] // len(row["answered"])}, of_answers(row)


def counters_diverge(measured: Measured):
    row = measured.row(EACH)
    return row["counted"] == max(row["answered"]) < row["requests"], of_answers(row)


def stays_with_one(measured: Measured):
    row = measured.row(KEPT)
    return sorted(row["answered"])[-2:] == [0, row["requests"]], of_answers(row)


def one_counter_counts_all(measured: Measured):
    row = measured.row(SHARED)
    return row["counted"] == row["requests"] > max(row["answered"]), of_answers(row)


STICKY = Demo(
    "sticky",
    "20 requests to a cluster of two processes that count them: who answers, and how far does the count get?",
    (Column("variant", "variant"), Column("requests", "requests", "count"),
     Column("answered", "answered", "ids"), Column("counted", "highest count", "count")),
    (
        Claim("Connections are handed out in turn: each process answers half.", split_evenly),
        Claim("Each process has counters of its own: nobody counts further than its half.", counters_diverge),
        Claim("A connection that is kept alive stays with one process; the other hears of nothing.", stays_with_one),
        Claim("One counter, which all of them ask, counts everything.", one_counter_counts_all),
    ),
    threads=None, seconds=None, bars="counted",
)  # fmt: skip

COUNTS = ("20", "10", "1")


def how_far_it_counts(measured):
    told, choices = [], set()
    for run in measured:
        row = run.row(EACH)
        told.append(f"{run.runtime}: {of_answers(row)}")
        choices.add(COUNTS.index(str(row["counted"])) if str(row["counted"]) in COUNTS else None)
    return Outcome(choices.pop() if len(choices) == 1 else None, f"{'; '.join(told)}.")


# ---- the quiz

QUIZ = Quiz(
    {
        "counters": figure("sticky", "node", EACH, of_answers),
        "tail": quoted("cluster", "node", faster_pages(ONE, CLUSTER, 3)),
        "amdahl": quoted("scaling", "python", within_amdahl),
        "more_than_cores": quoted("scaling", "node", more_than_cores_gain_nothing),
        "kept": figure("sticky", "node", KEPT, of_answers),
    }
)

LESSON = Lesson(
    7,
    "Impact on performance; clustering",
    (
        Text("A job in 27 parts"),
        Predict("scaling",
            "A job that calculates, a ninth of it by one thread alone. How many workers does it want, on this machine?",
            ("none, or one: they only cost", "two or more, but no more than there are cores", "more than the cores"),
            how_many_help),
        SCALING,
        Text("How much faster?"),
        Text("Threads put to good use"),
        Text("Fast pages and slow ones"),
        Predict("cluster",
            "One process, 200 fast pages a second, and always somebody who wants a slow one, 50 ms of calculation. "
            "95 of 100 fast pages are there within ...?", ("less than 10 ms", "10 to 50 ms", "more than 50 ms"),
            tail_of_a_single_process),
        Predict("cluster", "What makes the fast pages faster?",
            ("a second process of the same kind", "a worker in the one process", "both about the same"),
            what_helps_the_tail),
        CLUSTER_DEMO,
        Text("One server, several processes"),
        Text("Workers and a cluster together"),
        Predict("sticky",
            "20 requests, a connection each, to two processes that count them in a global variable. The highest count?",
            COUNTS, how_far_it_counts),
        STICKY,
        Text("Who remembers?"),
        Text("When a worker dies"),
        QUIZ,
    ),
)  # fmt: skip
