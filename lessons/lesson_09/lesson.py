"""Lesson 9: security."""

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
    first,
    rows_of,
)

MB = 1_000_000

# ---- leak

POOLED = "Buffer.from('hi')"
METHOD = "a job: user.greeting"
CAME, STAYED = "came too", "not there"


def of_password(row):
    return f"{row['arrived']:,} bytes, the password {row['password']}"


def told(row):
    return f"`{row['variant']}`: {of_password(row)}"


def password(wanted, *variants):
    """Whether the password came along (or did not) with every one of these."""
    return every(variants, lambda row: row["password"] == wanted, told)


def brings_the_whole(variant, factor):
    """The password came, and many times the bytes that were meant."""
    return every(variant, lambda row: row["password"] == CAME and row["arrived"] > factor * row["meant"],
                 lambda row: f"{row['meant']} meant; {told(row)}")  # fmt: skip


def is_a_copy(*variants):
    """Just what was meant arrived, and no password."""
    return every(variants, lambda row: row["password"] == STAYED and row["arrived"] == row["meant"], told)


LEAK = Demo(
    "leak",
    "Something small is sent, and a password lies near it. What arrives?",
    (Column("variant", "what is sent, or started"), Column("meant", "meant", "bytes"),
     Column("arrived", "arrived", "bytes"), Column("password", "password")),
    (
        Claim("A Buffer of two bytes brings the pool along, with whatever lies in it.", brings_the_whole(POOLED, 300),
              ("node",)),
        Claim("So does every view of a part: the whole buffer under it is sent.",
              brings_the_whole("page.subarray(0, 2)", 300), ("node",)),
        Claim("A copy of the two bytes is two bytes.", is_a_copy("new Uint8Array(that Buffer)", "page.slice(0, 2)"),
              ("node",)),
        Claim("A method that is sent as a job brings its object along.", password(CAME, METHOD), ("python",)),
        Claim("A function with the one argument it needs brings nothing else.",
              is_a_copy("a job: greeting, user.name"), ("python",)),
        Claim("A slice is a copy, and nothing but these bytes is sent.", is_a_copy("page[:2]"), ("python",)),
        Claim("A whole user brings the password along.", password(CAME, "a whole user")),
        Claim("Its name alone brings no password.", is_a_copy("{ name: user.name }"), ("node",)),
        Claim("Its name alone brings no password.", is_a_copy("user.name"), ("python",)),
        Claim("An error quotes what it stumbled over.", password(CAME, "an uncaught error"), ("node",)),
        Claim("An error quotes what it stumbled over.", password(CAME, "an error"), ("python",)),
        Claim("A Worker inherits the environment.", password(CAME, "Worker"), ("node",)),
        Claim("A Worker with env: {} sees nothing of it.", password(STAYED, "Worker, env: {}"), ("node",)),
        Claim("Threads and processes see the environment, with every password in it.",
              password(CAME, "os.environ of a thread", "os.environ of a process"), ("python",)),
        Claim("The system shows a process's environment, and its arguments.",
              password(CAME, "a process", "a process, password as argument")),
        Claim("Of a process with env: {} it shows nothing.", password(STAYED, "a process, env: {}"), ("node",)),
        Claim("Of a process with env={} it shows nothing.", password(STAYED, "a process, env={}"), ("python",)),
    ),
    threads=None, seconds=None, bars="arrived",
)  # fmt: skip

# ---- unsafe-messages

MERGE, KNOWN, NEW = "a deep merge", "a merge of known fields", "a new worker"
MAIN = {"python": "the main process meanwhile", "node": "the main thread meanwhile"}
ADMIN, NO_ADMIN = "Bob is an admin", "Bob is no admin"
RAN = "its code ran"


def did_and_next(row):
    return f"it {row['did']}; {row['next']}"


POLLUTES = every(MERGE, lambda row: row["did"].startswith("changed every") and row["next"] == ADMIN, did_and_next)
CLEAN = every({kind: (main, NEW) for kind, main in MAIN.items()}, lambda row: row["next"] == NO_ADMIN,
              lambda row: f"{row['variant']}: {row['next']}")  # fmt: skip


def is_refused(variant):
    return every(variant, lambda row: row["did"].startswith("refused") and row["next"] in ("", NO_ADMIN),
                 lambda row: row["did"])  # fmt: skip


def did(what, *variants):
    return every(variants, lambda row: row["did"] == what, lambda row: f"{row['variant']}: {row['did']}")


UNSAFE_MESSAGES = Demo(
    "unsafe-messages",
    "Mallory sends a hostile message; then the same worker serves Bob. What has become of it?",
    (Column("variant", "how the message is read"), Column("did", "what the message did"),
     Column("next", "the next request")),
    (
        Claim("A deep merge follows a hostile key, and the worker stays polluted: Bob is an admin.", POLLUTES),
        Claim("It reaches no further: the main thread and a new worker are clean.", CLEAN),
        Claim("A merge of known fields refuses the key, and names it.", is_refused(KNOWN)),
        Claim("Unpickling a message runs code of the sender's choice.", did(RAN, "pickle.loads", "Connection.recv"),
              ("python",)),
        Claim("An unpickler that imports nothing by its name refuses it.", is_refused("Unpickler without names"),
              ("python",)),
        Claim("JSON only reads data.", did("nothing", "json.loads"), ("python",)),
        Claim("A text that is turned into a function runs.", did(RAN, "new Function(message)"), ("node",)),
        Claim("JSON only reads data.", did("nothing", "JSON.parse(message)"), ("node",)),
    ),
    threads=None, seconds=None, bars="did",
)  # fmt: skip

# ---- validate

THERE = "is it there?"
STRICT = {
    "python": ("checks by hand", "msgspec", "pydantic, strict"),
    "node": ("checks by hand", "zod, strict", "ajv, strict"),
}
SENT = "for comparison: sent there and back"
READ_AGAIN, COPIED = "shared: check, then read again", "shared: copy, then check"


def refused(row):
    return f"{row['variant']}: {row['refused']} of {row['bad']} refused"


def refuses_all(row):
    return row["refused"] == row["bad"] and row["good"] == "passed"


def lets_pass(least, *variants):
    """At least so many of the bad messages pass."""
    return every(variants, lambda row: row["bad"] - row["refused"] >= least and row["good"] == "passed", refused)


def cheaper_than_sending(measured: Measured):
    sent = measured.row(SENT)["ns_per_message"]
    rows = rows_of(measured, STRICT, there=True)
    dearest = max(row["ns_per_message"] for row in rows)
    return dearest * 2 < sent, f"{dearest / 1000:.1f} µs at most, against {sent / 1000:.0f} µs"


def too_much(row):
    return f"{row['too_much']} of {row['paid']} payments were too high"


BEATEN = every(READ_AGAIN, lambda row: row["too_much"] > 0, too_much)
NEVER_BEATEN = every(COPIED, lambda row: row["paid"] > 0 and row["too_much"] == 0, too_much)


def bad_that_pass(run):
    row = run.row(THERE)
    return row["bad"] - row["refused"]


VALIDATE = Demo(
    "validate",
    "A good message and nine bad ones at the door: which check stops which, and what does it cost?",
    (Column("variant", "check"), Column("good", "the good one"), Column("refused", "bad refused", "count"),
     Column("ns_per_message", "a message", "ns"), Column("paid", "paid", "count"),
     Column("too_much", "too high", "count")),
    (
        Claim("Strict checks let the good message pass, and none of the bad ones.",
              every(STRICT, refuses_all, refused, there=True)),
        Claim("Asking whether something is there lets most of the bad ones pass.", lets_pass(5, THERE), ("node",)),
        Claim("Type hints alone check nothing.", lets_pass(5, "type hints alone"), ("python",)),
        Claim("pydantic converts, and takes other fields, unless told to be strict.",
              lets_pass(3, "pydantic, by default"), ("python",)),
        Claim("zod and ajv let other fields pass, unless told not to: zod drops them, ajv leaves them in.",
              lets_pass(2, "zod, by default", "ajv, by default"), ("node",)),
        Claim("A strict check costs less than the message itself.", cheaper_than_sending),
        Claim("What is checked in shared memory and read again is another value, now and then.", BEATEN,
              hangs_on=CHANCE),
        Claim("What is copied first, then checked, stays what it was.", NEVER_BEATEN),
    ),
    threads=None, seconds=Range(0.2, 0.05, 5), bars="refused",
)  # fmt: skip

# ---- runaway

HEAP, BUFFER, FURTHER = (
    "resourceLimits: an array grows",
    "resourceLimits: a Buffer",
    "resourceLimits: it grows further",
)
LATE = "a time limit on the answer"


def ended(row):
    took = f" after {row['took_ns'] / 1e6:.1f} ms" if row.get("took_ns") else ""
    return f"{row['end']}{took}, {row['after']}"


def saw(variant, end, after):
    return every(variant, lambda row: (row["end"], row["after"]) == (end, after), ended)


def only_kill_ends_it(measured: Measured):
    asked, killed = (measured.row(f"{how}, SIGTERM is ignored") for how in ("terminate()", "kill()"))
    return asked["after"] == "it still runs" and killed["end"] == "exit code -9", f"{ended(asked)}; {ended(killed)}"


def can_end_the_process(measured: Measured):
    row = measured.row(FURTHER)
    if row["after"] != "the process is gone":
        raise NotMeasured(f"{measured.runtime} ended only the worker, with each of three limits")
    return True, f"limit {row['limit'] / MB:.0f} MB: {ended(row)}"


def fate_of_the_buffer(measured):
    run = first(measured, "node")
    row = run.row(BUFFER)
    choice = 2 if row["end"] == "it got 400 MB" else 0 if row["after"] == "the process lives" else None
    return Outcome(choice, f"limit {row['limit'] / MB:.0f} MB: {ended(row)} ({run.runtime}).")


def lock_stays(run):
    return int(run.row("terminate()")["after"] == "its lock is still held")


RUNAWAY = Demo(
    "runaway",
    "A worker never ends, or wants more and more memory. What stops it, and what does it take along?",
    (Column("variant", "what is tried"), Column("limit", "limit", "bytes"), Column("end", "what is seen"),
     Column("took_ns", "after", "ns"), Column("after", "and then")),
    (
        Claim("A time limit on the answer stops the waiting, not the worker.", saw(LATE, "late", "it still runs")),
        Claim("terminate() stops an endless loop, and leaves the lock it held taken.",
              saw("terminate()", "exit 1", "its lock is still held"), ("node",)),
        Claim("terminate() stops an endless process, and leaves the lock it held taken.",
              saw("terminate()", "exit code -15", "its lock is still held"), ("python",)),
        Claim("A process may ignore SIGTERM; kill() it cannot ignore.", only_kill_ends_it, ("python",)),
        Claim("An array that outgrows the limit ends the worker, with an error.",
              saw(HEAP, "ERR_WORKER_OUT_OF_MEMORY", "the process lives"), ("node",)),
        Claim("resourceLimits covers the heap only: a Buffer of 400 MB passes a limit of 16 MB.",
              saw(BUFFER, "it got 400 MB", "the process lives"), ("node",)),
        Claim("And it is no protection: with a higher limit the whole process can go.", can_end_the_process, ("node",)),
        Claim("Without a limit a process gets what it asks for.",
              saw("no limit", "it got 400 MB", "the process lives"), ("python",)),
        Claim("RLIMIT_AS counts everything: a MemoryError, and the process lives.",
              saw("RLIMIT_AS", "MemoryError", "the process lives"), ("python",)),
    ),
    threads=None, seconds=None, bars="end",
)  # fmt: skip

# ---- the quiz

QUIZ = Quiz(
    {
        "limit": figure("runaway", "node", BUFFER, lambda row: f"limit {row['limit'] / MB:.0f} MB: {ended(row)}"),
        "pooled": figure("leak", "node", POOLED, of_password),
        "unpickled": figure("unsafe-messages", "python", "pickle.loads", lambda row: row["did"]),
        "read_again": figure("validate", "node", READ_AGAIN, too_much),
        "merged": figure("unsafe-messages", "node", MERGE, lambda row: row["next"]),
    }
)

LESSON = Lesson(
    9,
    "Security",
    (
        Text("Two bytes and a greeting"),
        Predict("leak", "`worker.postMessage(Buffer.from('hi'))`: how many bytes arrive?",
            ("2", "up to 1,000", "more than 1,000"),
            buckets(lambda run: run.row(POOLED)["arrived"], (3, 1001), lambda run: told(run.row(POOLED)), "node")),
        Predict("leak",
            "`user.greeting` is sent to a Python process as a job; the user has a password. What goes along?",
            ("the name of the method", "the method and the user's name", "the whole user, with the password"), answer(
            lambda run: 2 if run.row(METHOD)["password"] == CAME else None, lambda run: told(run.row(METHOD)),
            "python", )),
        LEAK,
        Text("What a message takes along"),
        Text("Keep the secret at home"),
        Text("A message from Mallory"),
        Predict("unsafe-messages",
            "A Python worker unpickles a message, and does nothing with it. What can the message do?",
            ("nothing: it is data", "harm, once a method of it is called", "run code, at once"), answer(
            lambda run: 2 if run.row("pickle.loads")["did"] == RAN else None,
            lambda run: run.row("pickle.loads")["did"], "python", )),
        Predict("unsafe-messages",
            "Mallory's message has gone through a deep merge. What does Bob's meet in the same worker?",
            ("nothing of it: every message starts afresh", "a worker in which he is an admin"),
            answer(lambda run: int(POLLUTES(run)[0]), lambda run: run.row(MERGE)["next"])),
        UNSAFE_MESSAGES,
        Text("Messages that act"),
        Text("Nine bad messages"),
        Predict("validate",
            "A worker's check is `message.type && message.from && message.to && message.amount`. How many of nine bad "
            "messages does it refuse?", ("nearly all: 7 to 9", "about half: 3 to 6", "hardly any: 0 to 2"),
            buckets(bad_that_pass, (3, 7), lambda run: refused(run.row(THERE)), "node")),
        Predict("validate",
            "An amount in shared memory is checked, and a moment later read again to be paid. Does the other side slip "
            "in between?", ("not in the short time of this experiment", "yes: too much is paid"),
            answer(lambda run: int(BEATEN(run)[0]), lambda run: BEATEN(run)[1])),
        VALIDATE,
        Text("Check at the door"),
        Text("A worker that does not stop"),
        Predict("runaway",
            "A Worker is limited to 16 MB by `resourceLimits`. It asks for a Buffer of 400 MB. What happens?",
            ("the worker ends with an error", "the whole process ends", "it gets the Buffer"), fate_of_the_buffer),
        Predict("runaway", "An endless worker that holds a lock is terminated. What becomes of the lock?",
            ("it is released", "it stays taken"), answer(lock_stays, lambda run: ended(run.row("terminate()")))),
        RUNAWAY,
        Text("When a worker runs away"),
        Text("What can go wrong"),
        Text("Seven habits"),
        QUIZ,
    ),
)  # fmt: skip
