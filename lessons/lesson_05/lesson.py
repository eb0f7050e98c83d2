"""Lesson 5: sharing memory between threads."""

from mtlearn.course import (
    CHANCE,
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
    buckets,
    every,
    figure,
    has_gil,
    has_no_gil,
    ratio,
    share,
    value,
)


def percent(row):
    share = f"{row['lost_share'] * 100:.1f} %" if row["lost"] else "0"
    return f"{share} of {row['expected']:,} lost"


def loses(variant, more_than=0.0):
    """The variant lost more than this share of its updates."""
    return share("lost", "expected", variant, over=more_than)


def loses_nothing(*variants):
    """None of these variants lost an update."""
    return share("lost", "expected", variants, none=True)


def times_dearer(dear, cheap, factor, cell="ns_per_op"):
    """One operation of `dear` took more than `factor` times one of `cheap`."""
    return ratio((cell, dear), (cell, cheap), over=factor)


COUNTING = (
    Column("variant", "variant"),
    Column("expected", "expected", "count"),
    Column("actual", "actual", "count"),
    Column("lost", "lost", "count"),
    Column("lost_share", "share", "share"),
    Column("ns_per_op", "per op", "ns"),
)

PLAIN = "v[0] = f(v[0])"
OWNER = "one owner, messages"

RACE = Demo(
    "race",
    "Several threads add to one counter for a moment. Which ways of adding one lose updates?",
    COUNTING,
    (
        Claim("A read, some work, a write: updates are lost.", loses(PLAIN, 0.01), ("node",)),
        Claim("v[0]++ is a read and a write too, and loses updates.", loses("v[0]++"), ("node",), cores=2,
              hangs_on=CHANCE),
        Claim("An atomic load, then an atomic store, are not one atomic addition.",
              loses("Atomics.load, then Atomics.store", 0.01), ("node",)),
        Claim("Atomics.add loses nothing.", loses_nothing("Atomics.add"), ("node",)),
        Claim("A mutex of wait and notify loses nothing.", loses_nothing("mutex (wait/notify)"), ("node",)),
        Claim("One owner and messages lose nothing, with nothing shared.", loses_nothing(OWNER), ("node",)),
        Claim("But a message costs many times an Atomics.add.", times_dearer(OWNER, "Atomics.add", 10), ("node",)),
        Claim("With a GIL, x += 1 loses nothing: an accident of where CPython lets threads switch, not a promise.",
              loses_nothing("x += 1"), ("python",), applies=has_gil),
        Claim("Without a GIL, x += 1 loses updates.", loses("x += 1"), ("python",), cores=2, applies=has_no_gil),
        Claim("A call between the read and the write is enough: c[0] += int(1) loses updates.",
              loses("c[0] += int(1)", 0.01), ("python",), cores=2),
        Claim("Whoever lets others run between the read and the write wipes out most of what they do.",
              loses("read, sleep(0), write", 0.2), ("python",)),
        Claim("A lock around the same three steps loses nothing.", loses_nothing("with lock: read, sleep(0), write"),
              ("python",)),
        Claim("One owner and a queue lose nothing, without a lock of yours.", loses_nothing("one owner and a queue"),
              ("python",)),
        Claim("The GIL does not reach across processes: shared[0] += 1 loses updates.",
              loses("2 processes: shared[0] += 1", 0.01), ("python",), cores=2),
        Claim("A multiprocessing.Value is locked for the read and for the write, not for both: += loses updates.",
              loses("2 processes: Value.value += 1", 0.01), ("python",), cores=2),
        Claim("A lock of multiprocessing around it loses nothing.", loses_nothing("2 processes: with lock: += 1"),
              ("python",)),
    ), bars="lost_share",
)  # fmt: skip

SHARES = ("nothing", "less than 1 %", "1 to 10 %", "more than 10 %")


def share_lost(kind, variant):
    def told(run):
        return f"`{variant}`: {percent(run.row(variant))}"

    return buckets(lambda run: run.row(variant)["lost_share"], (1e-9, 0.01, 0.1), told, kind)


STAGED = "read | barrier | write"
STAGED_LOCKS = {"python": "with lock: read, write | barrier", "node": "lock: read, write | barrier"}


def loses_all_but_one(measured: Measured):
    row = measured.row(STAGED)
    threads = len(row["threads"])
    return row["actual"] * threads == row["expected"], f"{percent(row)}, by {threads} threads"


def staged_share(measured):
    exact = [run for run in measured if loses_all_but_one(run)[0] and len(run.row(STAGED)["threads"]) == 2]
    told = "; ".join(f"{run.runtime}: {percent(run.row(STAGED))}" for run in measured)
    if not told:
        raise NotMeasured("no run")
    return Outcome(2 if len(exact) == len(measured) else None, f"{told}.")


STAGED_RACE = Demo(
    "staged-race",
    "The same lost update on order: a barrier between the read and the write, and no luck in it.",
    COUNTING,
    (
        Claim("When everybody reads before anybody writes, all but one addition of a round is lost.",
              loses_all_but_one),
        Claim("With a lock around read and write nothing is lost.", share("lost", "expected", STAGED_LOCKS, none=True)),
    ), threads=Range(2, 2, 16), seconds=None, bars="lost_share",
)  # fmt: skip

TOGETHER = APART, _, LOCKED = "a word each, 3 each", "one word, 3 each", "one word, locked, 3 each"


def of_orders(row):
    return f"{row['variant']}: {row['orders']:,} orders, classes: {row['classes']:,}, wrong: {row['wrong']:,}"


ORDERS = Demo(
    "orders",
    "Two threads add to a counter, step by step. In how many orders can they, and how many classes are these?",
    (COUNTING[0], Column("orders", "orders", "count"), Column("few", "≤ 2 preemptions", "count"),
     Column("classes", "classes", "count"), Column("wrong", "wrong", "count")),
    (
        Claim("One more addition each, and there are more than ten times as many orders.",
              ratio(("orders", "one word, 3 each"), ("orders", "one word, 2 each"), over=10, form="{:,}".format)),
        Claim("With a word each, all orders are one class.", every(APART, lambda row: row["classes"] == 1, of_orders)),
        Claim("Under a lock there is not one class for a hundred orders, and none is wrong.",
              every(LOCKED, lambda row: row["classes"] * 100 < row["orders"] and row["wrong"] == 0, of_orders)),
        Claim("Orders of one class end alike.", every(TOGETHER, lambda row: row["mixed"] == 0,
              lambda row: f"{row['variant']}: {row['mixed']} of {row['classes']:,} end in two ways")),
    ), threads=None, seconds=None,
)  # fmt: skip

ATOMICS = Demo(
    "atomics",
    "What does it cost to add one so that nothing is lost? By one thread alone, and by all at once.",
    (*COUNTING[:-1], Column("ns_alone", "alone", "ns"), Column("ns_per_op", "together", "ns")),
    (
        Claim("Atomics.add, a compareExchange loop and a mutex lose nothing.",
              loses_nothing("Atomics.add", "compareExchange loop", "mutex (wait/notify)"), ("node",)),
        Claim("A mutex costs more than an Atomics.add, even when nobody else wants it.",
              times_dearer("mutex (wait/notify)", "Atomics.add", 1.5, "ns_alone"), ("node",)),
        Claim("Both kinds of lock lose nothing.", loses_nothing("threading.Lock", "multiprocessing.Lock"), ("python",)),
        Claim("The package atomics loses nothing, from process to process.",
              loses_nothing("atomics: fetch_add", "atomics: cmpxchg loop"), ("python",)),
        Claim("Its fetch_add is no faster than a lock: every call goes from Python into C and back.",
              times_dearer("atomics: fetch_add", "multiprocessing.Lock", 2, "ns_alone"), ("python",)),
        Claim("An atomic load, then an atomic store, lose updates.", loses("atomics: load, then store", 0.01),
              ("python",), cores=2),
    ),
    script="atomic_add", bars="ns_alone",
)  # fmt: skip

MUTEX_ALONE, ADD_ALONE = ("ns_alone", "mutex (wait/notify)"), ("ns_alone", "Atomics.add")


ATOMIC = {"python": "threading.Lock", "node": "Atomics"}
IN_ORDER = {kind: (f"flag and data, {how}", f"two flags, {how}") for kind, how in ATOMIC.items()}
TWO_PLAIN = "two flags, plain"


def of_rounds(row):
    return f"{row['variant']}: {row['wrong']:,} of {row['rounds']:,} rounds"


BOTH_READ_0 = every(TWO_PLAIN, lambda row: row["wrong"] > 0, of_rounds)

HAPPENS_BEFORE = Demo(
    "happens-before",
    "One thread writes, the other reads: in which order does it see the two writes? And what if both write first?",
    (Column("variant", "variant"), Column("rounds", "rounds", "count"), Column("wrong", "out of order", "count")),
    (
        Claim("Written atomically, or under a lock: who sees the flag sees the data, and two never miss each other.",
              every(IN_ORDER, lambda row: row["wrong"] == 0, of_rounds)),
        Claim("With plain writes they do miss each other: both read the old value.",
              BOTH_READ_0, ("node",), hangs_on=CHANCE),
        Claim("Under a GIL they do not: who takes it sees all that was written before it was let go.",
              every(("flag and data, plain", TWO_PLAIN), lambda row: row["wrong"] == 0, of_rounds), ("python",),
              applies=has_gil),
    ),
    threads=None, seconds=Range(0.3, 0.1, 5), bars="wrong",
)  # fmt: skip

PLACES = {"python": "threading.Semaphore(2)", "node": "a semaphore of two"}
WITH_LOCK = {"python": "lock of a threading.Condition", "node": "mutex (wait/notify)"}


def of_inside(row):
    entered, inside = f"{row['entered']:,}", row["most_inside"]
    return f"{row['variant']}: entered {entered} times, at most {inside} inside, {row['lost']} lost"


LOCK = Demo(
    "lock",
    "Each thread looks around while it is in the critical section: is it alone?",
    (*COUNTING[:1], Column("entered", "entered", "count"), Column("most_inside", "inside", "count"),
     Column("waited", "waited", "count"), *COUNTING[3:5], COUNTING[5]),
    (
        Claim("Without a lock two are inside at once, and updates are lost.",
              every("no lock", lambda row: row["most_inside"] > 1 and row["lost"] > 0, of_inside)),
        Claim("With the lock there is never more than one inside, and nothing is lost.",
              every(WITH_LOCK, lambda row: row["most_inside"] == 1 and row["lost"] == 0, of_inside)),
        Claim("The others found it taken, and waited.",
              every(WITH_LOCK, lambda row: row["waited"] >= len(row["threads"]) - 1,
                    lambda row: f"the lock was found taken {row['waited']:,} times")),
        Claim("A semaphore of two lets two in and never a third: it limits, it does not exclude, and updates are lost.",
              every(PLACES, lambda row: row["most_inside"] == 2 and row["lost"] > 0, of_inside)),
    ),
    seconds=None, bars="most_inside",
)  # fmt: skip

BLOCKS = {"python": "threading.Lock", "node": "a mutex, Atomics.wait"}
AWAITS = {
    "python": ("threading.Lock, in to_thread", "asyncio.Lock, between tasks"),
    "node": ("a mutex, Atomics.waitAsync", "navigator.locks"),
}
EVERY_LOCK = {kind: (BLOCKS[kind], *AWAITS[kind]) for kind in BLOCKS}


def of_wait(row):
    return f"{row['variant']}: {row['beats']} beats meanwhile"


LOCK_AND_LOOP = Demo(
    "lock-and-loop",
    "An event loop wants a lock that somebody else holds for 50 ms. Does it turn while it waits?",
    (Column("variant", "lock"), Column("took_ns", "waited", "ns"), Column("beats", "beats meanwhile", "count"),
     Column("counted", "counted", "count"), Column("lost", "lost", "count")),
    (
        Claim("A lock that blocks stops the loop: nothing else runs.",
              every(BLOCKS, lambda row: row["beats"] == 0, of_wait)),
        Claim("A lock that is awaited lets it turn.", every(AWAITS, lambda row: row["beats"] > 0, of_wait, there=True)),
        Claim("All of them keep the others out.",
              every(EVERY_LOCK, lambda row: row["lost"] == 0, lambda row: f"{row['counted']} counted", there=True)),
    ),
    threads=None, seconds=None, bars="beats",
)  # fmt: skip

COUNTER = {"python": "a process that counts", "node": "a worker that counts"}
MILLISECONDS = {"python": "time.time(), in milliseconds", "node": "Date.now()"}
FINEST = {"python": "time.perf_counter_ns()", "node": "performance.now()"}


def finer(than, factor):
    return ratio(("ns_per_tick", than), ("ns_per_tick", COUNTER), over=factor)


CLOCK = Demo(
    "clock",
    "Somebody else only counts, in shared memory. How fine a clock is that, beside the clocks of the language?",
    (Column("variant", "clock"), Column("ticks", "ticks", "count"), Column("ns_per_tick", "a tick", "ns")),
    (
        Claim("The counter is more than a hundred times as fine as a clock of milliseconds.", finer(MILLISECONDS, 100),
              cores=2),
        Claim("In Node.js it is finer than performance.now().", finer(FINEST, 1), ("node",), cores=2),
    ), threads=None, seconds=Range(0.3, 0.1, 2),
)  # fmt: skip

QUIZ = Quiz({
    "call_between": figure("race", "python", "c[0] += int(1)", percent),
    "value": figure("race", "python", "2 processes: Value.value += 1", percent),
    "load_store": figure("race", "node", "Atomics.load, then Atomics.store", percent),
    "clock": figure("clock", "node", COUNTER, lambda row: f"a tick every {row['ns_per_tick']:.1f} ns"),
})  # fmt: skip

LESSON = Lesson(
    5,
    "Sharing memory between threads",
    (
        Text("Two threads, one number"),
        Predict("race",
            f"Four Node.js workers add to one word with `{PLAIN}`. What share of the updates will be lost?", SHARES,
            share_lost("node", PLAIN)),
        Predict("race", "Four Python threads do `x += 1` on one variable. What share of the updates will be lost?",
            SHARES, share_lost("python", "x += 1")),
        RACE,
        Text("What a race is"),
        Text("One memory, many threads"),
        Text("Luck taken out"),
        Predict("staged-race",
            "Two threads: both read, then a barrier, then both write; 1,000 rounds. What share is lost?",
            ("nothing", "something between, by luck", "exactly half, on every run"), staged_share),
        STAGED_RACE,
        Text("Why luck is no plan"),
        Predict("orders",
            "Two threads, three times each: one step alone, then a locked addition. Of all orders, how many differ?",
            ("all of them", "about half", "fewer than one in a hundred"),
            buckets(lambda run: run.row(LOCKED)["orders"] / run.row(LOCKED)["classes"], (1.5, 100),
                    lambda run: of_orders(run.row(LOCKED)))),
        ORDERS,
        Text("Orders that differ"),
        Text("Safe, and at what price"),
        Predict("atomics", "One worker alone, nobody in its way: what does a mutex cost, beside one Atomics.add?",
            ("less", "about the same", "clearly more"),
            buckets(lambda run: value(run, MUTEX_ALONE) / value(run, ADD_ALONE), (1 / 1.5, 1.5),
                    lambda run: ratio(MUTEX_ALONE, ADD_ALONE)(run)[1], "node")),
        ATOMICS,
        Predict("happens-before",
            "Two Node.js workers: each writes 1 to its own flag with a plain write, then reads the other's. Both flags "
            "were 0. Can both of them read 0?",
            ("no: one of the writes came first", "yes, now and then"),
            answer(lambda run: 1 if BOTH_READ_0(run)[0] else None, lambda run: BOTH_READ_0(run)[1], "node")),
        HAPPENS_BEFORE,
        Text("Atomic operations"),
        Text("Is anybody else in here?"),
        Predict("lock", "Four threads run through a section that no lock guards. How many are in it at once, at most?",
            ("one: they take turns by themselves", "two or more"),
            answer(lambda run: int(run.row("no lock")["most_inside"] > 1), lambda run: of_inside(run.row("no lock")))),
        LOCK,
        Predict("lock-and-loop",
            "A worker holds a lock for 50 ms, and the main thread of Node.js waits for it with Atomics.wait. How often "
            "does a 2 ms timer fire meanwhile?",
            ("not once", "about 25 times"),
            answer(lambda run: int(run.row(BLOCKS)["beats"] > 0), lambda run: of_wait(run.row(BLOCKS)), "node")),
        LOCK_AND_LOOP,
        Text("The critical section"),
        Predict("clock", "A Node.js worker does nothing but `v[0]++`. How long is a tick of this clock?",
            ("about a millisecond", "about a microsecond", "less than a tenth of a microsecond"), answer(lambda run: (
            2 if run.row(COUNTER)["ns_per_tick"] < 100 else 1 if run.row(COUNTER)["ns_per_tick"] < 1e5 else 0 ),
            lambda run: f"{run.row(COUNTER)['ns_per_tick']:.1f} ns a tick", "node", )),
        CLOCK,
        Text("What sharing gives away"),
        QUIZ,
    ),
)  # fmt: skip
