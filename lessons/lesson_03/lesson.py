"""Lesson 3: creating and managing worker threads."""

from mtlearn.course import (
    CORES,
    Claim,
    Column,
    Demo,
    Lesson,
    Measured,
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
    has_gil,
    has_no_gil,
    quoted,
    ratio,
)

# ---- hello

STARTS = {"python": ("thread: start, args", "process: start, args"), "node": ("new Worker, workerData",)}
ANSWERS = {"python": ("thread: queue.put, back", "process: pipe.send, back"), "node": ("postMessage, back",)}
PINGS = "ping, fastest of 50"


def ids_differ(measured: Measured):
    rows = [measured.row(variant) for variant in STARTS[measured.kind]]
    ids = {row["main_id"] for row in rows} | {row["worker_id"] for row in rows}
    return len(ids) == 1 + len(rows), ", ".join(map(str, sorted(ids)))


def only_main_is_main(measured: Measured):
    row = measured.row(STARTS["node"][0])
    seen = f"{row['main_is_main']} in the main thread, {row['worker_is_main']} in the worker"
    return row["main_is_main"] and not row["worker_is_main"], seen.lower()


def data_arrived(measured: Measured):
    rows = [measured.row(variant) for variant in STARTS[measured.kind]]
    return all("hello" in row["carried"] for row in rows), rows[-1]["carried"]


def answers_are_right(measured: Measured):
    rows = [measured.row(variant) for variant in ANSWERS[measured.kind]]
    known = {30_000: 3_245, 300_000: 25_997}  # the number of primes below, as tables have it
    return all(row["primes"] == known[row["limit"]] for row in rows), rows[0]["carried"]


def main_is_free(measured: Measured):
    rows = [measured.row(variant) for variant in ANSWERS[measured.kind]]
    return all(row["turns"] >= 1 for row in rows), " and ".join(f"{row['turns']} turns" for row in rows)


def start_against_message(measured: Measured):
    """How long the worker (the process, in Python) took to start, and one ping to come back, in ns."""
    ping = {"python": f"process: {PINGS}", "node": PINGS}[measured.kind]
    return measured.row(STARTS[measured.kind][-1])["took_ns"], measured.row(ping)["took_ns"]


def start_is_dear(measured: Measured):
    start, ping = start_against_message(measured)
    return start > 10 * ping, f"{duration(start)} against {duration(ping)}: ×{start / ping:,.0f}"


def endless_loop_ends(measured: Measured):
    row = measured.row("terminate" if measured.kind == "node" else "process: terminate, join")
    return row["code"] not in (0, None), f"exit code {row['code']} after {duration(row['took_ns'])}"


def threads_have_no_terminate(measured: Measured):
    return not measured.row("thread: queue.put(None), join")["can_terminate"], "it was asked to return, and did"


HELLO = Demo(
    "hello",
    "Create a worker, hand it data, get an answer, end it: every message, with the thread that sent it.",
    (Column("variant", "message"), Column("from", "from"), Column("to", "to"), Column("carried", "what"),
     Column("took_ns", "took", "ns")),
    (
        Claim("A worker has a thread id of its own.", ids_differ),
        Claim("isMainThread is true in the main thread, and only there.", only_main_is_main, ("node",)),
        Claim("What was handed over at the start is there when the worker begins.", data_arrived),
        Claim("The worker's answer comes back, and is right.", answers_are_right),
        Claim("While the worker calculates, the main thread is free and goes on.", main_is_free, cores=2),
        Claim("Starting a worker (a process, in Python) takes over ten times as long as a message there and back.",
              start_is_dear),
        Claim("terminate() ends a worker in the middle of an endless loop.", endless_loop_ends),
        Claim("A Python thread has no terminate(): it must be asked.", threads_have_no_terminate, ("python",)),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip


def what_main_does(measured):
    told = "; ".join(f"{run.runtime}: {main_is_free(run)[1]}" for run in measured)
    free = all(main_is_free(run)[0] for run in measured)
    return Outcome(1 if free else None, f"turns of the main thread meanwhile, {told}.")


# ---- copy

BIG = "64 MiB"


def dearer(cell, other, factor, variant=BIG):
    """In this row, `cell` took more than `factor` times as long as `other`."""

    def judge(measured: Measured):
        row = measured.row(variant)
        a, b = row[cell], row[other]
        return a > factor * b, f"{duration(a)} against {duration(b)}: ×{a / b:,.0f}"

    return judge


def grows(measured: Measured):
    small, big = measured.row("1 KiB")["copied_ns"], measured.row(BIG)["copied_ns"]
    return big > 100 * small, f"{duration(small)} for 1 KiB, {duration(big)} for {BIG}"


def sender_is_blocked(measured: Measured):
    small, big = measured.row("1 KiB")["blocked_ns"], measured.row(BIG)["blocked_ns"]
    return big > 10 * small and big > 1e6, f"{duration(small)} for 1 KiB, {duration(big)} for {BIG}"


def kept_apart(measured: Measured):
    row = measured.row("1 KiB")
    return (row["original"], row["answered"]) == (
        0,
        1,
    ), f"first byte here {row['original']}, in the answer {row['answered']}"


def changed_in_place(measured: Measured):
    row = measured.row("1 KiB")
    return row["seen"] == row["changes"], f"{row['changes']} changes by the worker, all seen here"


AS_OBJECTS, AS_TEXT = ("cpu_ns", "5,000 objects, as they are"), ("cpu_ns", "5,000 objects, as JSON")
clone_does_not_beat_json = ratio(AS_OBJECTS, AS_TEXT, over=0.75)
pickle_beats_json = ratio(AS_TEXT, AS_OBJECTS, over=1.5)


COPY = Demo(
    "copy",
    "Hand data to a worker and get it back: copied twice (v1), moved, or shared and changed in place (v2).",
    (Column("variant", "data"), Column("copied_ns", "copied", "ns"), Column("moved_ns", "moved", "ns"),
     Column("shared_ns", "shared", "ns"), Column("blocked_ns", "of it sending", "ns")),
    (
        Claim("A copy takes longer, the more there is to copy.", grows),
        Claim("The sender itself is held up while a big message is copied.", sender_is_blocked),
        Claim("Moving 64 MiB beats copying it by ×10 and more.", dearer("copied_ns", "moved_ns", 10), ("node",)),
        Claim("Sharing 64 MiB beats copying it by ×100 and more.", dearer("copied_ns", "shared_ns", 100)),
        Claim("What was copied is changed there, and not here.", kept_apart),
        Claim("What is shared is changed for both.", changed_in_place),
        Claim("For many small objects a clone does not clearly beat JSON text: processor time of objects against text.",
              clone_does_not_beat_json, ("node",)),
        Claim("In Python pickle does beat JSON: processor time of text against objects.", pickle_beats_json,
              ("python",)),
    ),
    threads=None, seconds=None, bars="copied_ns",
)  # fmt: skip


def price_of_sharing(measured):
    factors = [run.row(BIG)["copied_ns"] / run.row(BIG)["shared_ns"] for run in measured]
    told = "; ".join(f"{run.runtime}: ×{factor:,.0f}" for run, factor in zip(measured, factors, strict=True))
    choices = {0 if factor < 2 else 1 if factor < 100 else 2 for factor in factors}
    return Outcome(choices.pop() if len(choices) == 1 else None, f"copied against shared, {told}.")


# ---- clone-rules

POINT = "Point with a method"


def arrives(variant, *parts):
    """The variant arrived, and what the worker says of it holds each of these parts."""

    def judge(measured: Measured):
        row = measured.row(variant)
        return all(part in row["arrived"] for part in parts), row["arrived"] or f"{row['failed']} at the sender"

    return judge


def arrives_in_itself(measured: Measured):
    variant = {"node": "object in itself", "python": "list in itself"}[measured.kind]
    return arrives(variant, "still in itself")(measured)


def fails_at_sender(error, *variants):
    def judge(measured: Measured):
        names = [measured.row(variant)["failed"] for variant in variants]
        return all(name == error for name in names), f"{', '.join(variants)}: {', '.join(names)}"

    return judge


def detached(measured: Measured):
    row = measured.row("buffer, moved")
    return row["left"] == 0, f"{row['views']} views of the buffer, {row['left']} elements left"


def first_bytes(measured: Measured):
    copied, shared = measured.row("buffer, copied")["first"], measured.row("buffer, shared")["first"]
    return (copied, shared) == (0, 7), f"first byte here: {copied} after a copy, {shared} where it is shared"


def global_untouched(measured: Measured):
    row = measured.row("global variable")
    return row["arrived"] != row["sender"], f"there: {row['arrived']}; here: {row['sender']}"


def global_of_threads(measured: Measured):
    row = measured.row("global variable, a thread")
    return row["arrived"] == row["sender"], f"here: {row['sender']}"


CLONE_RULES = Demo(
    "clone-rules",
    "What survives a message? Send it, and let the worker say what it got.",
    (Column("variant", "what is sent"), Column("arrived", "arrives as"), Column("sender", "at the sender")),
    (
        Claim("An instance arrives as a plain object, without its methods.",
              arrives(POINT, "Object", "length: undefined"), ("node",)),
        Claim("An instance keeps its methods: its class is imported.", arrives(POINT, "length(): 5"), ("python",)),
        Claim("What contains itself still does so there.", arrives_in_itself),
        Claim("A function cannot be cloned: a DataCloneError, and at the sender.",
              fails_at_sender("DataCloneError", "function", "object with a method"), ("node",)),
        Claim("A lambda cannot be pickled: a PicklingError, and at the sender.",
              fails_at_sender("PicklingError", "lambda"), ("python",)),
        Claim("A buffer that is moved leaves every view of it empty here.", detached, ("node",)),
        Claim("Writing to a copy changes nothing here, writing to shared memory does.", first_bytes),
        Claim("A global variable that the worker changes stays as it was here.", global_untouched),
        Claim("A thread changes the very same global variable.", global_of_threads, ("python",)),
    ),
    threads=None, seconds=None, bars="arrived",
)  # fmt: skip


def instance_arrives(measured):
    run = first(measured, "node")
    row = run.row(POINT)
    plain = "Object" in row["arrived"]
    return Outcome(
        1 if plain else 0 if row["arrived"] else 2, f"it arrived as {row['arrived'] or row['failed']} ({run.runtime})."
    )


# ---- interpreters

TURNS = {"python": "thread", "node": ("async function", "vm context")}
AT_ONCE = {"python": "process", "node": ("Worker", "child process")}
CONTEXT = "vm context"


def of_time(row):
    return f"{row['variant']}: two take ×{row['longer']:.2f}"


def belongs(variants, process, its_globals):
    """Whose process and global variables these workers have."""
    return every(variants, lambda row: (row["process"], row["globals"]) == (process, its_globals),
                 lambda row: f"{row['variant']}: process {row['process']}, globals {row['globals']}")  # fmt: skip


def take_turns(variants):
    return every(variants, lambda row: row["longer"] > 1.4, of_time)


def run_at_once(variants):
    return every(variants, lambda row: row["longer"] < 1.5, of_time)


INTERPRETERS = Demo(
    "interpreters",
    "What has each kind of worker to itself: a process, global variables, a core?",
    (Column("variant", "worker"), Column("process", "process"), Column("globals", "globals"),
     Column("start_ns", "start", "ns"), Column("alone_ns", "one", "ns"), Column("together_ns", "two", "ns"),
     Column("longer", "longer", "times")),
    (
        Claim("A thread has neither a process nor global variables of its own.",
              belongs("thread", "the same", "the same"), ("python",)),
        Claim("An interpreter has global variables of its own, in the same process.",
              belongs("interpreter", "the same", "its own"), ("python",)),
        Claim("A context has global variables of its own, and so has a Worker, in the same process.",
              belongs((CONTEXT, "Worker"), "the same", "its own"), ("node",)),
        Claim("A process has both of its own.",
              belongs({"python": "process", "node": "child process"}, "its own", "its own")),
        Claim("Two threads under a GIL take turns.", take_turns(TURNS), ("python",), applies=has_gil),
        Claim("Without a GIL two threads calculate at the same time.", run_at_once("thread"), ("python",), cores=2,
              applies=has_no_gil, hangs_on=CORES),
        Claim("Two async functions take turns, and two contexts too.", take_turns(TURNS), ("node",)),
        Claim("Two interpreters calculate at the same time: each has a GIL of its own.", run_at_once("interpreter"),
              ("python",), cores=2, hangs_on=CORES),
        Claim("Two processes calculate at the same time.", run_at_once(AT_ONCE), ("python",), cores=2,
              hangs_on=CORES),
        Claim("Two Workers calculate at the same time, and two processes too.", run_at_once(AT_ONCE), ("node",),
              cores=2, hangs_on=CORES),
    ),
    threads=None, seconds=Range(0.15, 0.05, 2), bars="longer",
)  # fmt: skip


# ---- the quiz

QUIZ = Quiz(
    {
        "instance": figure("clone-rules", "node", POINT, lambda row: f"it arrived as {row['arrived']}"),
        "blocked": quoted("copy", "node", sender_is_blocked),
        "json": quoted("copy", "node", clone_does_not_beat_json),
        "function": figure("clone-rules", "node", "function", lambda row: row["failed"]),
        "detached": quoted("clone-rules", "node", detached),
        "endless": quoted("hello", "python", endless_loop_ends),
        "endless_node": quoted("hello", "node", endless_loop_ends),
    }
)

LESSON = Lesson(
    3,
    "Creating and managing worker threads",
    (
        Text("Primes, please"),
        Predict("hello",
            "The main thread has asked a worker for primes and awaits the answer. What else can it do meanwhile?",
            ("nothing: it waits", "its loop goes on turning"), what_main_does),
        HELLO,
        Text("A worker and its first words"),
        Text("Messages, both ways"),
        Text("The end of a worker"),
        Text("A picture to and fro"),
        Predict("copy", "64 MiB to a worker and back: by how much is sharing them faster than sending copies?",
            ("hardly", "between ×2 and ×100", "more than ×100"), price_of_sharing),
        COPY,
        Text("What a message costs"),
        Predict("clone-rules", "An instance of a class with a method is posted to a Node.js worker. What arrives?",
            ("the instance, method and all", "a plain object with the same fields", "nothing: an error"),
            instance_arrives),
        CLONE_RULES,
        Text("What survives the journey"),
        Text("More than one world"),
        Predict("interpreters", "Two vm contexts calculate, each with its own JavaScript world. At the same time?",
            ("yes: a world of its own is a thread of its own", "no: they take turns"),
            answer(lambda run: int(run.row(CONTEXT)["longer"] > 1.4), lambda run: of_time(run.row(CONTEXT)), "node")),
        INTERPRETERS,
        Text("What a worker has to itself"),
        Text("A job in a worker"),
        QUIZ,
    ),
)  # fmt: skip
