"""Lesson 6: managing shared memory."""

from mtlearn.course import (
    CACHES,
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
    duration,
    every,
    figure,
    first,
    memory,
    ratio,
)


def times_dearer(dear, cheap, factor, cell):
    """In `cell`, the row of `dear` has more than `factor` times what the row of `cheap` has."""
    return ratio((cell, dear), (cell, cheap), over=factor)


# ---- pooling

NEW, POOLED, WIPED = "new block each time", "from a pool", "from a pool, zeroed"


def pages_come_each_time(measured: Measured):
    new, pooled = measured.row(NEW)["faults"], measured.row(POOLED)["faults"]
    if new is None:
        raise NotMeasured("this system does not count page faults")
    return new >= 1 and pooled < 0.1 * new, f"{new:,.0f} page faults for each new block, {pooled:.2g} for a pooled one"


def bound_holds(measured: Measured):
    new, pooled = measured.row(NEW), measured.row(POOLED)
    told = f"{memory(new['made'])} for {new['uses']:,} uses, {memory(pooled['made'])} for {pooled['uses']:,}"
    return pooled["made"] / pooled["uses"] < new["made"] / new["uses"], told


POOLING = Demo(
    "pooling",
    "A buffer of 1 MiB, used again and again: made for each use, or taken from a pool?",
    (Column("variant", "variant"), Column("uses", "uses", "count"), Column("made", "made in all", "bytes"),
     Column("faults", "page faults a use", "count"), Column("ns_per_use", "per use", "ns")),
    (
        Claim("A new block's pages are brought in one by one; those of a pool are there.", pages_come_each_time),
        Claim("A buffer from a pool costs less than a twentieth of a new block.",
              times_dearer(NEW, POOLED, 20, "ns_per_use")),
        Claim("It is cheaper even when it is wiped before each use: by more than two.",
              times_dearer(NEW, WIPED, 2, "ns_per_use")),
        Claim("An ordinary Buffer is no cheaper to make than a pooled one to take.",
              times_dearer("new Buffer each time", POOLED, 20, "ns_per_use"), ("node",)),
        Claim("However often it is used, a pool makes its buffers once.", bound_holds),
    ),
    threads=None, seconds=None,
)  # fmt: skip

FACTORS = ("it costs more: the wiping", "about the same", "less, by a little: up to 5 times",
           "far less: more than 5 times")  # fmt: skip


def gain_of_wiped(measured):
    told, choices = [], set()
    for run in measured:
        gain = run.row(NEW)["ns_per_use"] / run.row(WIPED)["ns_per_use"]
        choices.add(0 if gain < 0.8 else 1 if gain < 1.25 else 2 if gain <= 5 else 3)
        told.append(f"{run.runtime}: ×{gain:.1f}")
    return Outcome(
        choices.pop() if len(choices) == 1 else None, f"a new block costs, beside a wiped one, {'; '.join(told)}."
    )


# ---- lifetime

CHILD, OTHER, UNTRACKED = "opened by a process of ours", "opened by another Python", "the same, track=False"
FROM_BUFFER, ND_ARRAY = "np.frombuffer over it", "np.ndarray over it"
SMALL, WHOLE = "Buffer.from('hello')", "Buffer.alloc(5)"


def happened(row):
    return row["happened"]


def happens(variant, cell, wanted):
    return every(variant, lambda row: row[cell] == wanted, happened)


CRASHES = every(ND_ARRAY, lambda row: row["exit_code"] != 0 and "close() was fine" in row["happened"], happened)
REFUSES = every(FROM_BUFFER, lambda row: row["exit_code"] == 0 and "BufferError" in row["happened"], happened)


def of_small(row):
    return f"{row['bytes']} bytes, in a buffer of {row['of']:,}: {row['happened']}"


LIFETIME = Demo(
    "lifetime",
    "Who takes shared memory away, and what happens to those who still use it?",
    (Column("variant", "variant"), Column("bytes", "bytes", "count"), Column("of", "of a buffer of", "count"),
     Column("happened", "what happened")),
    (
        Claim("A Buffer of its own is moved.", happens(WHOLE, "moved", True), ("node",)),
        Claim("A small Buffer lies in Node's pool, with others, and is not moved.",
              every(SMALL, lambda row: not row["moved"], of_small), ("node",)),
        Claim("What a worker shared stays when the worker ends.", happens("shared, its worker ended", "there", True),
              ("node",)),
        Claim("A process of ours opens a block and ends: the block stays.", happens(CHILD, "there", True), ("python",)),
        Claim("Another Python opens it and ends: the block is gone, before anybody unlinked it.",
              happens(OTHER, "there", False), ("python",)),
        Claim("With track=False it stays.", happens(UNTRACKED, "there", True), ("python",)),
        Claim("close() under an np.frombuffer raises BufferError.", REFUSES, ("python",)),
        Claim("close() under an np.ndarray is silent; the next look at the array ends the process.", CRASHES,
              ("python",)),
    ),
    threads=None, seconds=None, bars="happened",
)  # fmt: skip


def who_unlinks(run):
    return 0 if run.row(OTHER)["there"] else 2


# ---- false-sharing

NEIGHBOURS = {"python": "by turns", "node": "4 bytes apart"}
APART = {"python": "by halves", "node": "64 bytes apart"}


def neighbours_disturb(measured: Measured):
    near, far = measured.row(NEIGHBOURS)["ns_per_op"], measured.row(APART)["ns_per_op"]
    return near > 1.2 * far, f"{near:.2f} ns against {far:.2f} ns: ×{near / far:.1f}"


def distance_does_no_harm(measured: Measured):
    _, told = neighbours_disturb(measured)
    return measured.row(APART)["ns_per_op"] < 1.3 * measured.row(NEIGHBOURS)["ns_per_op"], told


FALSE_SHARING = Demo(
    "false-sharing",
    "Two threads write, each to numbers of its own. Does it matter how close they lie?",
    (Column("variant", "variant"), Column("batches", "batches seen", "count"),
     Column("ns_per_op", "per addition", "ns")),
    (
        Claim("Numbers in one cache line slow each other down, though nobody touches another's.", neighbours_disturb,
              ("node",), cores=2, hangs_on=CACHES),
        # Whether there is something to gain depends on where the two processes run: see the words before it.
        Claim("A distance between them does no harm.", distance_does_no_harm, ("python",), cores=2),
    ),
    threads=None,
)  # fmt: skip


def slower_by(measured):
    told, slower = [], []
    for run in measured:
        if run.has(NEIGHBOURS[run.kind]) and run.has(APART[run.kind]):
            holds, figures = neighbours_disturb(run)
            slower.append(holds)
            told.append(f"{run.runtime}: {figures}")
    if not told:
        raise NotMeasured("the two never ran at the same time for long")
    return Outcome(1 if any(slower) else 0, f"beside a neighbour and apart, {'; '.join(told)}.")


# ---- ring

RING = {"python": "ring, 16 at a time", "node": "ring of 256 slots"}
QUEUE = {"python": "Queue", "node": "messages"}


def all_in_order(measured: Measured):
    count = sum(row["count"] for row in measured.rows)
    return all(row["in_order"] == row["count"] for row in measured.rows), f"{count:,} sent and received"


def stays_behind(measured: Measured):
    ring, queue = measured.row(RING)["ahead"], measured.row(QUEUE)["ahead"]
    # its slots, and the one in the receiver's hand
    return ring <= 257 < queue, f"at most {ring:,} on the way in the ring, {queue:,} otherwise"


RINGS = Demo(
    "ring",
    "Eight numbers at a time from one thread to another: by messages, and through a ring in shared memory.",
    (Column("variant", "variant"), Column("count", "sent", "count"), Column("in_order", "in order", "count"),
     Column("ahead", "on the way", "count"), Column("per_second", "per second", "count"),
     Column("ns_per_op", "each", "ns")),
    (
        Claim("Nothing is lost, nothing comes twice, all comes in order.", all_in_order),
        Claim("The sender is never ahead by more than the ring holds; messages pile up.", stays_behind),
        Claim("Through the ring go more than twice as many a second.", times_dearer(QUEUE, RING, 2, "ns_per_op")),
    ),
    threads=None, seconds=None, bars="per_second",
)  # fmt: skip

RATES = ("fewer: the ring makes both sides wait", "up to twice as many", "2 to 5 times as many",
         "more than 5 times as many")  # fmt: skip


def gain_of_ring(measured):
    run = first(measured, "node")
    gain = run.row(QUEUE)["ns_per_op"] / run.row(RING)["ns_per_op"]
    choice = 0 if gain < 1 else 1 if gain < 2 else 2 if gain <= 5 else 3
    told = f"{run.row(RING)['per_second']:,} a second through the ring, {run.row(QUEUE)['per_second']:,} as messages"
    return Outcome(choice, f"{run.runtime}: {told}, ×{gain:.1f}.")


# ---- image

ONE = {"python": "one process", "node": "one thread"}
STRIPS, FEW, IN_PLACE = "a strip each", "the next rows, please", "in place"


def same_bytes(measured: Measured):
    rows = [measured.row(variant) for variant in (STRIPS, FEW)]
    differs = sum(row["differs"] for row in rows)
    return differs == 0, f"{differs:,} of {rows[0]['bytes']:,} bytes differ; SHA-256 {rows[0]['sha256']}…"


def every_row_once(measured: Measured):
    row = measured.row(FEW)
    whole = measured.row(ONE)["rows"]
    return row["rows"] == whole, f"{' + '.join(map(str, row['shares']))} of {whole} rows"


def of_sent(row):
    return f"{row['sent']} bytes sent, {row['bytes']:,} bytes blurred"


def of_difference(row):
    return f"{row['differs']:,} of {row['bytes']:,} bytes differ"


IMAGE = Demo(
    "image",
    "Blur a picture in shared memory, its rows divided over workers. Is it the same picture?",
    (Column("variant", "variant"), Column("shares", "rows", "ids"), Column("sent", "sent", "bytes"),
     Column("differs", "bytes that differ", "count"), Column("took_ns", "a picture", "ns")),
    (
        Claim("The picture is the same, byte for byte, whoever blurred which rows.", same_bytes),
        Claim("Every row was blurred once, by whoever fetched it.", every_row_once),
        Claim("What is sent to the workers is less than a hundredth of the picture.",
              every(STRIPS, lambda row: row["sent"] < row["bytes"] / 100, of_sent)),
        Claim("Several workers are faster than one.", ratio(("took_ns", ONE), ("took_ns", STRIPS), over=1.05), cores=2),
        Claim("Writing into the picture that others are reading gives a different picture.",
              every(IN_PLACE, lambda row: row["differs"] > 0, of_difference), hangs_on=CHANCE),
    ),
    threads=Range(2, 2, 8), seconds=None, saves=True, bars="differs",
)  # fmt: skip


def bytes_that_differ(measured):
    told = "; ".join(f"{run.runtime}: {run.row(STRIPS)['differs']:,} differ" for run in measured)
    return Outcome(0 if all(same_bytes(run)[0] for run in measured) else None, f"{told}.")


# ---- analysis

CHUNKS = "a chunk each"
EXACT = every(CHUNKS, lambda row: row["differs"] == 0, lambda row: f"mean {row['mean']}, deviation {row['deviation']}")

ANALYSIS = Demo(
    "analysis",
    "Two million measurements in shared memory: mean, deviation, histogram, by one and by chunks. Is it the same?",
    (Column("variant", "variant"), Column("mean", "mean"), Column("deviation", "deviation"),
     Column("sent", "sent", "bytes"), Column("differs", "differ", "count"), Column("took_ns", "took", "ns")),
    (
        Claim("Put together, the answers about the chunks are the answer about the whole.", EXACT),
        Claim("What is sent is less than a thousandth of the data.",
              every(CHUNKS, lambda row: row["sent"] < row["bytes"] / 1_000, lambda row: f"{row['sent']} bytes sent")),
        Claim("Several are faster than one.", ratio(("took_ns", ONE), ("took_ns", CHUNKS), over=1.05), cores=2),
    ),
    threads=Range(2, 2, 8), seconds=None,
)  # fmt: skip

# ---- the quiz


def of_use(row):
    return f"{duration(row['ns_per_use'])} for each use"


QUIZ = Quiz(
    {
        "pooled": figure("pooling", "python", POOLED, of_use),
        "small_buffer": figure("lifetime", "node", SMALL, happened),
        "tracker": figure("lifetime", "python", OTHER, happened),
        "ndarray": figure("lifetime", "python", ND_ARRAY, happened),
        "neighbours": figure(
            "false-sharing", "node", NEIGHBOURS, lambda row: f"{row['ns_per_op']:.2f} ns for each addition"
        ),
        "ring": figure("ring", "node", RING, lambda row: f"{row['in_order']:,} of {row['count']:,} came in order"),
        "wiped": figure("pooling", "node", WIPED, of_use),
    }
)

LESSON = Lesson(
    6,
    "Managing shared memory",
    (
        Text("A buffer for every request"),
        Predict("pooling",
            "A pooled buffer of 1 MiB that is wiped before each use: what does it cost, beside a new block?", FACTORS,
            gain_of_wiped),
        POOLING,
        Text("Allocate once, lend often"),
        Text("Two ways to let go"),
        Predict("lifetime",
            "Your Python has a block. Another Python, started by itself, opens it, closes it and ends. And then?",
            ("The block is there: nobody called unlink()", "The other Python gets an error", "The block is gone"),
            answer(who_unlinks, lambda run: run.row(OTHER)["happened"], "python")),
        LIFETIME,
        Text("Whose block is it?"),
        Predict("false-sharing",
            "Two threads write into numbers of their own that lie side by side. Does it slow them down?",
            ("No: nobody touches what is another's", "Yes, clearly"), slower_by),
        FALSE_SHARING,
        Text("Neighbours in a cache line"),
        Text("Slots in a circle"),
        Predict("ring", "In Node.js: how many go through a ring in shared memory, beside messages?", RATES,
            gain_of_ring),
        RINGS,
        Text("A ring instead of messages"),
        Text("A picture in two strips"),
        Predict("image",
            "Two workers blur a strip each. How many of the 921,600 bytes are not as a single thread computes them?",
            ("none", "some, along the seam of the two strips", "many, and others each time"), bytes_that_differ),
        IMAGE,
        Text("Work divided over cores"),
        Predict("analysis", "Two workers take half of the numbers each. May the mean be the mean of their two means?",
            ("always", "yes here: the halves are equally large", "never"),
            answer(lambda run: 1 if EXACT(run)[0] else None, lambda run: EXACT(run)[1])),
        ANALYSIS,
        Text("Data in chunks"),
        Text("A plan for shared memory"),
        Text("The pool that you will write"),
        QUIZ,
    ),
)  # fmt: skip
