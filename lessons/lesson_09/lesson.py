"""Lesson 9: security."""

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
    first,
)

MB = 1_000_000

# ---- leak

POOLED = "Buffer.from('hi')"
METHOD = "a job: user.greeting"
CAME, STAYED = "came too", "not there"


def told(row):
    return f"`{row['variant']}`: {row['arrived']:,} bytes, the password {row['password']}"


def password(wanted, *variants):
    """Whether the password came along (or did not) with every one of these."""

    def judge(measured: Measured):
        rows = [measured.row(variant) for variant in variants]
        return all(row["password"] == wanted for row in rows), "; ".join(map(told, rows))

    return judge


def brings_the_whole(variant, factor):
    """The password came, and many times the bytes that were meant."""

    def judge(measured: Measured):
        row = measured.row(variant)
        return row["password"] == CAME and row["arrived"] > factor * row["meant"], f"{row['meant']} meant; {told(row)}"

    return judge


def is_a_copy(*variants):
    """Just what was meant arrived, and no password."""

    def judge(measured: Measured):
        rows = [measured.row(variant) for variant in variants]
        alone = all(row["password"] == STAYED and row["arrived"] == row["meant"] for row in rows)
        return alone, "; ".join(map(told, rows))

    return judge


def bytes_of_a_buffer(measured):
    run = first(measured, "node")
    row = run.row(POOLED)
    return Outcome(0 if row["arrived"] <= 2 else 1 if row["arrived"] <= 1000 else 2, f"{told(row)} ({run.runtime}).")


def what_a_method_brings(measured):
    run = first(measured, "python")
    row = run.row(METHOD)
    return Outcome(2 if row["password"] == CAME else None, f"{told(row)} ({run.runtime}).")


LEAK = Demo(
    "leak",
    "Something small is sent, and a password lies near it. What arrives?",
    (
        Column("variant", "what is sent, or started"),
        Column("threads", "to", "ids"),
        Column("meant", "meant", "bytes"),
        Column("arrived", "arrived", "bytes"),
        Column("password", "password"),
    ),
    (
        Claim(
            "A Buffer of two bytes brings the pool along, with whatever lies in it.",
            brings_the_whole(POOLED, 300),
            ("node",),
        ),
        Claim(
            "So does every view of a part: the whole buffer under it is sent.",
            brings_the_whole("page.subarray(0, 2)", 300),
            ("node",),
        ),
        Claim(
            "A copy of the two bytes is two bytes.",
            is_a_copy("new Uint8Array(that Buffer)", "page.slice(0, 2)"),
            ("node",),
        ),
        Claim("A method that is sent as a job brings its object along.", password(CAME, METHOD), ("python",)),
        Claim(
            "A function with the one argument it needs brings nothing else.",
            is_a_copy("a job: greeting, user.name"),
            ("python",),
        ),
        Claim("A slice is a copy, and nothing but these bytes is sent.", is_a_copy("page[:2]"), ("python",)),
        Claim("A whole user brings the password along.", password(CAME, "a whole user")),
        Claim("Its name alone brings no password.", is_a_copy("{ name: user.name }"), ("node",)),
        Claim("Its name alone brings no password.", is_a_copy("user.name"), ("python",)),
        Claim("An error quotes what it stumbled over.", password(CAME, "an uncaught error"), ("node",)),
        Claim("An error quotes what it stumbled over.", password(CAME, "an error"), ("python",)),
        Claim("A Worker inherits the environment.", password(CAME, "Worker"), ("node",)),
        Claim("A Worker with env: {} sees nothing of it.", password(STAYED, "Worker, env: {}"), ("node",)),
        Claim(
            "Threads and processes see the environment, with every password in it.",
            password(CAME, "os.environ of a thread", "os.environ of a process"),
            ("python",),
        ),
        Claim(
            "The system shows a process's environment, and its arguments.",
            password(CAME, "a process", "a process, password as argument"),
        ),
        Claim("Of a process with env: {} it shows nothing.", password(STAYED, "a process, env: {}"), ("node",)),
        Claim("Of a process with env={} it shows nothing.", password(STAYED, "a process, env={}"), ("python",)),
    ),
    threads=None,
    seconds=None,
)

# ---- unsafe-messages

MERGE, KNOWN, NEW = "a deep merge", "a merge of known fields", "a new worker"
MAIN = {"python": "the main process meanwhile", "node": "the main thread meanwhile"}
ADMIN, NO_ADMIN = "Bob is an admin", "Bob is no admin"
RAN = "its code ran"


def pollutes(measured: Measured):
    row = measured.row(MERGE)
    return row["did"].startswith("changed every") and row["next"] == ADMIN, f"it {row['did']}; {row['next']}"


def others_are_clean(measured: Measured):
    rows = [measured.row(MAIN[measured.kind]), measured.row(NEW)]
    return all(row["next"] == NO_ADMIN for row in rows), "; ".join(f"{row['variant']}: {row['next']}" for row in rows)


def is_refused(variant):
    def judge(measured: Measured):
        row = measured.row(variant)
        return row["did"].startswith("refused") and row["next"] in ("", NO_ADMIN), row["did"]

    return judge


def did(what, *variants):
    def judge(measured: Measured):
        rows = [measured.row(variant) for variant in variants]
        return all(row["did"] == what for row in rows), "; ".join(f"{row['variant']}: {row['did']}" for row in rows)

    return judge


def what_bob_meets(measured):
    if not measured:
        raise NotMeasured("no run")
    polluted = [pollutes(run)[0] for run in measured]
    sentence = "; ".join(f"{run.runtime}: {run.row(MERGE)['next']}" for run in measured)
    return Outcome(1 if all(polluted) else None if any(polluted) else 0, f"{sentence}.")


def what_unpickling_does(measured):
    run = first(measured, "python")
    row = run.row("pickle.loads")
    return Outcome(2 if row["did"] == RAN else None, f"`pickle.loads`: {row['did']} ({run.runtime}).")


UNSAFE_MESSAGES = Demo(
    "unsafe-messages",
    "Mallory sends a hostile message; then the same worker serves Bob. What has become of it?",
    (
        Column("variant", "how the message is read"),
        Column("threads", "by", "ids"),
        Column("did", "what the message did"),
        Column("next", "the next request"),
    ),
    (
        Claim("A deep merge follows a hostile key, and the worker stays polluted: Bob is an admin.", pollutes),
        Claim("It reaches no further: the main thread and a new worker are clean.", others_are_clean),
        Claim("A merge of known fields refuses the key, and names it.", is_refused(KNOWN)),
        Claim(
            "Unpickling a message runs code of the sender's choice.",
            did(RAN, "pickle.loads", "Connection.recv"),
            ("python",),
        ),
        Claim(
            "An unpickler that imports nothing by its name refuses it.",
            is_refused("Unpickler without names"),
            ("python",),
        ),
        Claim("JSON only reads data.", did("nothing", "json.loads"), ("python",)),
        Claim("A text that is turned into a function runs.", did(RAN, "new Function(message)"), ("node",)),
        Claim("JSON only reads data.", did("nothing", "JSON.parse(message)"), ("node",)),
    ),
    threads=None,
    seconds=None,
)

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


def measured_of(measured: Measured, variants):
    """Rows of these variants, where a package may be missing but not every one of them."""
    return [measured.row(variant) for variant in variants if measured.has(variant)] or [measured.row(variants[0])]


def strict_ones_refuse_all(measured: Measured):
    rows = measured_of(measured, STRICT[measured.kind])
    right = all(row["refused"] == row["bad"] and row["good"] == "passed" for row in rows)
    return right, "; ".join(map(refused, rows))


def lets_pass(variant, least):
    """At least so many of the bad messages pass."""

    def judge(measured: Measured):
        row = measured.row(variant)
        return row["bad"] - row["refused"] >= least and row["good"] == "passed", refused(row)

    return judge


def cheaper_than_sending(measured: Measured):
    sent = measured.row(SENT)["ns_per_message"]
    rows = measured_of(measured, STRICT[measured.kind])
    dearest = max(row["ns_per_message"] for row in rows)
    return dearest * 2 < sent, f"{dearest / 1000:.1f} µs at most, against {sent / 1000:.0f} µs"


def too_much(row):
    return f"{row['too_much']} of {row['paid']} payments were too high"


def is_beaten(measured: Measured):
    row = measured.row(READ_AGAIN)
    return row["too_much"] > 0, too_much(row)


def is_never_beaten(measured: Measured):
    row = measured.row(COPIED)
    return row["paid"] > 0 and row["too_much"] == 0, too_much(row)


def what_truth_refuses(measured):
    run = first(measured, "node")
    row = run.row(THERE)
    choice = 0 if row["refused"] >= 7 else 1 if row["refused"] >= 3 else 2
    return Outcome(choice, f"{refused(row)} ({run.runtime}).")


def who_slips_in(measured):
    if not measured:
        raise NotMeasured("no run")
    beaten = [is_beaten(run)[0] for run in measured]
    sentence = "; ".join(f"{run.runtime}: {too_much(run.row(READ_AGAIN))}" for run in measured)
    return Outcome(1 if all(beaten) else None if any(beaten) else 0, f"{sentence}.")


VALIDATE = Demo(
    "validate",
    "A good message and nine bad ones at the door: which check stops which, and what does it cost?",
    (
        Column("variant", "check"),
        Column("threads", "threads", "ids"),
        Column("good", "the good one"),
        Column("refused", "bad refused", "count"),
        Column("ns_per_message", "a message", "ns"),
        Column("paid", "paid", "count"),
        Column("too_much", "too high", "count"),
    ),
    (
        Claim("Strict checks let the good message pass, and none of the bad ones.", strict_ones_refuse_all),
        Claim("Asking whether something is there lets most of the bad ones pass.", lets_pass(THERE, 5), ("node",)),
        Claim("Type hints alone check nothing.", lets_pass("type hints alone", 5), ("python",)),
        Claim(
            "pydantic converts, and takes other fields, unless told to be strict.",
            lets_pass("pydantic, as it comes", 3),
            ("python",),
        ),
        Claim(
            "zod and ajv let other fields pass, unless told not to: zod drops them, ajv leaves them in.",
            lambda measured: (
                all(lets_pass(variant, 2)(measured)[0] for variant in ("zod, as it comes", "ajv, as it comes")),
                "; ".join(refused(measured.row(variant)) for variant in ("zod, as it comes", "ajv, as it comes")),
            ),
            ("node",),
        ),
        Claim("A strict check costs less than the message itself.", cheaper_than_sending),
        Claim("What is checked in shared memory and read again is another value, now and then.", is_beaten),
        Claim("What is copied first, then checked, stays what it was.", is_never_beaten),
    ),
    threads=None,
    seconds=Limits(0.2, 0.05, 5),
)

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
    def judge(measured: Measured):
        row = measured.row(variant)
        return (row["end"], row["after"]) == (end, after), ended(row)

    return judge


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


def fate_of_the_lock(measured):
    if not measured:
        raise NotMeasured("no run")
    held = [run.row("terminate()")["after"] == "its lock is still held" for run in measured]
    sentence = "; ".join(f"{run.runtime}: {ended(run.row('terminate()'))}" for run in measured)
    return Outcome(1 if all(held) else None if any(held) else 0, f"{sentence}.")


RUNAWAY = Demo(
    "runaway",
    "A worker never ends, or wants more and more memory. What stops it, and what does it take along?",
    (
        Column("variant", "what is tried"),
        Column("threads", "on", "ids"),
        Column("limit", "limit", "bytes"),
        Column("end", "what is seen"),
        Column("took_ns", "after", "ns"),
        Column("after", "and then"),
    ),
    (
        Claim("A time limit on the answer stops the waiting, not the worker.", saw(LATE, "late", "it still runs")),
        Claim(
            "terminate() stops an endless loop, and leaves the lock it held taken.",
            saw("terminate()", "exit 1", "its lock is still held"),
            ("node",),
        ),
        Claim(
            "terminate() stops an endless process, and leaves the lock it held taken.",
            saw("terminate()", "exit code -15", "its lock is still held"),
            ("python",),
        ),
        Claim("A process may ignore SIGTERM; kill() it cannot ignore.", only_kill_ends_it, ("python",)),
        Claim(
            "An array that outgrows the limit ends the worker, with an error.",
            saw(HEAP, "ERR_WORKER_OUT_OF_MEMORY", "the process lives"),
            ("node",),
        ),
        Claim(
            "resourceLimits covers the heap only: a Buffer of 400 MB passes a limit of 16 MB.",
            saw(BUFFER, "it got 400 MB", "the process lives"),
            ("node",),
        ),
        Claim("And it is no protection: with a higher limit the whole process can go.", can_end_the_process, ("node",)),
        Claim(
            "Without a limit a process gets what it asks for.",
            saw("no limit", "it got 400 MB", "the process lives"),
            ("python",),
        ),
        Claim(
            "RLIMIT_AS counts everything: a MemoryError, and the process lives.",
            saw("RLIMIT_AS", "MemoryError", "the process lives"),
            ("python",),
        ),
    ),
    threads=None,
    seconds=None,
)

# ---- the quiz


def seen(demo, kind, sentence):
    """What a demo showed here, with the runtime's name."""

    def figure(runs):
        run = first(runs[demo], kind)
        return f"{sentence(run)} ({run.runtime})."

    return figure


QUIZ = Quiz(
    (
        Question(
            "A Worker has `resourceLimits: { maxOldGenerationSizeMb: 16 }`. What is your process protected from?",
            (
                "From any use of memory beyond 16 MB by that worker",
                "From a heap that grows, mostly; not from Buffers, and it can still abort",
                "From everything that the worker does",
            ),
            1,
            "Only the heap of JavaScript objects is bounded, and V8 can still give up the whole process when it is "
            "full. What must not bring others down needs a process of its own.",
            seen("runaway", "node", lambda run: f"limit 16 MB: {ended(run.row(BUFFER))}"),
            beliefs=(27,),
        ),
        Question(
            "`worker.postMessage(Buffer.from('hi'))`: what is sent?",
            ("Two bytes", "The whole buffer under it, with what else lies there", "Nothing: a Buffer cannot be sent"),
            1,
            "A small Buffer is a slice of a pool, and structured clone copies what is under the slice. Copy the bytes "
            "you mean.",
            seen("leak", "node", lambda run: told(run.row(POOLED))),
        ),
        Question(
            "A service unpickles what its users upload, and only then checks it. Is that early enough?",
            ("Yes: nothing is used before the check", "No: unpickling may have run their code already"),
            1,
            "`__reduce__` names a function, and loading calls it. Take a format that is only data, JSON for one.",
            seen("unsafe-messages", "python", lambda run: f"`pickle.loads`: {run.row('pickle.loads')['did']}"),
        ),
        Question(
            "In Python, `isinstance(message['amount'], int)` is the check. Which of these passes?",
            ('"100"', "1.5", "True", "None"),
            2,
            "A bool is an int, and True counts as 1. Ask for the exact type: `type(amount) is int`.",
        ),
        Question(
            "An amount in shared memory is checked, then read again to be paid. What can be paid?",
            ("Only what was checked", "Anything: it may have changed in between"),
            1,
            "Copy it first, then check the copy, and use the copy. The same goes for getters, Proxies and "
            "Mappings that compute.",
            seen("validate", "node", lambda run: too_much(run.row(READ_AGAIN))),
        ),
        Question(
            "A plug-in that you do not trust runs in a Worker, or in a Python thread. What may it do?",
            (
                "Whatever your process may: files, network, keys",
                "Only compute, and send messages",
                "Read files, but not write them",
            ),
            0,
            "A worker is no sandbox. What you do not trust gets a process with a user of its own, better a container.",
        ),
        Question(
            "A message is refused because of its field `card`. What should the error say?",
            (
                "Only that something is wrong",
                "The whole message, so that it can be looked into",
                "That `card` is wrong, and not what was in it",
            ),
            2,
            "Errors end in logs, and logs are read by many. The field's name is enough to mend it.",
        ),
    )
)

LESSON = Lesson(
    9,
    "Security",
    (
        Text("What can go wrong"),
        Text("What a message takes along"),
        Predict(
            "leak",
            "`worker.postMessage(Buffer.from('hi'))`: how many bytes arrive?",
            ("2", "up to 1,000", "more than 1,000"),
            bytes_of_a_buffer,
        ),
        Predict(
            "leak",
            "`user.greeting` is sent to a Python process as a job; the user has a password. What goes along?",
            ("the name of the method", "the method and the user's name", "the whole user, with the password"),
            what_a_method_brings,
        ),
        LEAK,
        Text("Keep the secret at home"),
        Text("Messages that act"),
        Predict(
            "unsafe-messages",
            "A Python worker unpickles a message, and does nothing with it. What can the message do?",
            ("nothing: it is data", "harm, once a method of it is called", "run code, at once"),
            what_unpickling_does,
        ),
        Predict(
            "unsafe-messages",
            "Mallory's message has gone through a deep merge. What does Bob's meet in the same worker?",
            ("nothing of it: every message starts afresh", "a worker in which he is an admin"),
            what_bob_meets,
        ),
        UNSAFE_MESSAGES,
        Text("Check at the door"),
        Predict(
            "validate",
            "A worker's check is `message.type && message.from && message.to && message.amount`. How many of nine bad "
            "messages does it refuse?",
            ("nearly all: 7 to 9", "about half: 3 to 6", "hardly any: 0 to 2"),
            what_truth_refuses,
        ),
        Predict(
            "validate",
            "An amount in shared memory is checked, and a moment later read again to be paid. Does the other side slip "
            "in between?",
            ("not in the short time of this experiment", "yes: too much is paid"),
            who_slips_in,
        ),
        VALIDATE,
        Text("When a worker runs away"),
        Predict(
            "runaway",
            "A Worker is limited to 16 MB by `resourceLimits`. It asks for a Buffer of 400 MB. What happens?",
            ("the worker ends with an error", "the whole process ends", "it gets the Buffer"),
            fate_of_the_buffer,
        ),
        Predict(
            "runaway",
            "An endless worker that holds a lock is terminated. What becomes of the lock?",
            ("it is released", "it stays taken"),
            fate_of_the_lock,
        ),
        RUNAWAY,
        Text("Seven habits"),
        QUIZ,
    ),
)
