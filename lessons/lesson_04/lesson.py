"""Lesson 4: handling messages and events."""

from mtlearn.course import (
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
    buckets,
    every,
    figure,
    first,
)

# ---- events


def told(row):
    return f"{row['events']}; {row['after']}"


def _steps(events):
    """The events in their order; but a Worker's `online` may come before its first message or after it."""
    steps = events.split(" > ")
    return [step for step in steps if step != "online"], steps.count("online")


def saw(**wanted):
    """Every one of these variants (by keyword in `ENDS`) was seen with exactly these events."""

    def judge(measured: Measured):
        rows = {name: measured.row(ENDS[name]) for name in wanted}
        holds = all(_steps(row["events"]) == _steps(wanted[name]) for name, row in rows.items())
        return holds, "; ".join(row["events"] for row in rows.values())

    return judge


def error_before_exit(measured: Measured):
    """Where the message comes is left open: on a busy machine the error can overtake it."""
    events = measured.row(ENDS["worker_throws"])["events"].split(" > ")
    return "error (no such room)" in events[:-1] and events[-1] == "exit 1", " > ".join(events)


ENDS = {
    "worker_returns": "worker returns",
    "worker_throws": "worker throws",
    "worker_exits": "worker process.exit(3)",
    "function": "a function is posted",
    "key": "a key is posted to another context",
    "thread_returns": "thread returns",
    "thread_raises": "thread raises",
    "task_raises": "task of a pool raises",
    "process_returns": "process returns",
    "process_raises": "process raises",
    "process_exits": "process calls sys.exit(3)",
    "pipe": "a lambda is sent through a Pipe",
    "queue": "a lambda is put into a Queue",
}
TERMINATED = {"node": "worker is terminated", "python": "process is terminated"}
UNHEARD = "worker throws, no error listener"


def is_cut_off(measured: Measured):
    row = measured.row(TERMINATED[measured.kind])
    return row["code"] == {"node": 1, "python": -15}[measured.kind] and row["after"] == "finally was skipped", told(row)


def dies_unheard(measured: Measured):
    row = measured.row(UNHEARD)
    return row["code"] == 1, told(row)


def stays_in_its_future(measured: Measured):
    row = measured.row(ENDS["task_raises"])
    return row["after"] == "it told nobody else" and "no such room" in row["events"], told(row)


ORDERS = ("online > message > error > exit", "online > error > message > exit", "online > message > exit")


def order_of_a_throw(measured):
    run = first(measured, "node")
    row = run.row(ENDS["worker_throws"])
    seen = " > ".join(event.split()[0] for event in row["events"].split(" > "))
    return Outcome(ORDERS.index(seen) if seen in ORDERS else None, f"{row['events']} ({run.runtime}).")


def fate_of_the_main_thread(measured):
    run = first(measured, "python")
    row = run.row(ENDS["thread_raises"])
    hooked = "excepthook" in row["events"] and row["after"] == "the main thread runs on"
    return Outcome(2 if hooked else None, f"{told(row)} ({run.runtime}).")


EVENTS = Demo(
    "events",
    "A worker says hello and then ends, in one way or another. Who is told what, and in which order?",
    (Column("variant", "what happens"), Column("events", "what is seen"), Column("after", "and then")),
    (
        Claim("A worker that ends well: online, message, exit 0.", saw(worker_returns="online > message > exit 0"),
              ("node",)),
        Claim("A worker that throws: the error comes before the exit, and the exit code is 1.", error_before_exit,
              ("node",)),
        Claim("process.exit(3) in a worker ends the worker alone, without an error.",
              saw(worker_exits="online > message > exit 3"), ("node",)),
        Claim("terminate() asks nobody: exit code 1, and no `finally` is run.", is_cut_off, ("node",)),
        Claim("An error that no listener hears ends the whole process.", dies_unheard, ("node",)),
        Claim("What cannot be copied throws at the sender: messageerror is not told.",
              saw(function="DataCloneError at the sender"), ("node",)),
        Claim("messageerror tells of a message that came and cannot be unpacked; the next one arrives.",
              saw(key="messageerror > message (next)"), ("node",)),
        Claim("An exception in a thread goes to threading.excepthook, and the main thread runs on.",
              saw(thread_returns="message > join", thread_raises="message > excepthook (LookupError) > join"),
              ("python",)),
        Claim("An exception in a pool stays in its Future, until somebody asks.", stays_in_its_future, ("python",)),
        Claim("A process tells how it ended by its exit code: 0, 1 after an exception, or its own.", saw(
              process_returns="message > exitcode 0", process_raises="message > exitcode 1",
              process_exits="message > exitcode 3", ), ("python",)),
        Claim("terminate() asks nobody: exit code -15, and no `finally` is run.", is_cut_off, ("python",)),
        Claim("What cannot be pickled raises at the sender of a Pipe; a Queue loses it and tells nobody.",
              saw(pipe="an exception at the sender", queue="put returns > message (next)"), ("python",)),
    ),
    threads=None, seconds=None, timeline=True,
)  # fmt: skip

# ---- listeners

ALL_THREE = {
    "python": ("a thread that calls back", "queue.get_nowait", "pipe.poll, then recv"),
    "node": ("port.on('message')", "port.onmessage", "port.addEventListener", "receiveMessageOnPort"),
}
ONCE = {"python": "one queue.get", "node": ("port.once('message')", "await once(port)")}
LATER = {"python": "a thread that calls back", "node": ("port.on('message')", "port.onmessage")}
EVENTS_OF = ("port.onmessage", "port.addEventListener")


def of_heard(row):
    return f"{row['variant']}: {row['heard']} of {row['sent']}"


def of_got(row):
    return f"{row['variant']} gets {row['gets']}"


LISTENERS = Demo(
    "listeners",
    "Three messages are sent. What does each way of listening hear, and when?",
    (Column("variant", "way"), Column("sent", "sent", "count"), Column("heard", "heard", "count"),
     Column("at_once", "at once", "count"), Column("gets", "gets")),
    (
        Claim("A listener hears all three.", every(ALL_THREE, lambda row: row["heard"] == row["sent"], of_heard)),
        Claim("One that listens once hears the first, and no other.",
              every(ONCE, lambda row: row["heard"] == 1, of_heard)),
        Claim("An event comes in a later turn of the loop, never inside the call that sends.",
              every(LATER, lambda row: row["at_once"] == 0, of_heard)),
        Claim("`on` hands over the value, the browser's ways an event with the value in `data`.",
              every(EVENTS_OF, lambda row: row["gets"] == "a MessageEvent, value in .data", of_got), ("node",)),
        Claim("What is sent to a BroadcastChannel reaches everybody else who listens: twice three.",
              every("BroadcastChannel, two listen", lambda row: row["heard"] == 2 * row["sent"], of_heard), ("node",)),
        Claim("Asked directly, a port gives its messages at once, without the loop.",
              every("receiveMessageOnPort", lambda row: row["at_once"] == 3, of_heard), ("node",)),
    ),
    threads=None, seconds=None, bars="heard",
)  # fmt: skip

# ---- flood

UNREAD = {"node": "postMessage, nobody reads", "python": "Queue(), nobody reads"}
BOUNDED = {"node": "at most 100 unanswered", "python": "Queue(100)"}
MB = 1_000_000


def waiting(row):
    return f"{row['waiting']:,} of {row['sent']:,} waiting, {row['memory'] / MB:,.0f} MB"


def piles_up(measured: Measured):
    row = measured.row(UNREAD[measured.kind])
    return row["waiting"] == row["sent"] and row["memory"] > 100 * MB, waiting(row)


def stays_small(measured: Measured):
    row, flood = measured.row(BOUNDED[measured.kind]), measured.row(UNREAD[measured.kind])
    return row["waiting"] <= 100 and row["memory"] * 5 < flood["memory"], f"{waiting(row)}, against {waiting(flood)}"


def loses_nothing(measured: Measured):
    rows = [measured.row(names[measured.kind]) for names in (UNREAD, BOUNDED)]
    missing = sum(row["sent"] - row["received"] for row in rows)
    return missing == 0, f"{missing} of {sum(row['sent'] for row in rows):,} missing"


def memory_of_the_flood(kind):
    def happened(measured):
        run = first(measured, kind)
        row = run.row(UNREAD[kind])
        choice = 0 if row["memory"] < 10 * MB else 1 if row["memory"] < 100 * MB else 2
        return Outcome(choice, f"{waiting(row)} ({run.runtime}).")

    return happened


FLOOD = Demo(
    "flood",
    "20,000 messages of 10 kB are sent to a receiver that is busy with something else. Where are they meanwhile?",
    (Column("variant", "variant"), Column("sent", "sent", "count"), Column("received", "received", "count"),
     Column("waiting", "waiting", "count"), Column("memory", "memory", "bytes"), Column("ns_sending", "sending", "ns")),
    (
        Claim("Sending never waits: what nobody reads piles up in memory.", piles_up),
        Claim("With a limit the sender waits, and the memory stays small.", stays_small),
        Claim("Either way every message arrives.", loses_nothing),
    ),
    threads=None, seconds=None, bars="memory",
)  # fmt: skip

# ---- stream

STICKY = "a room stays with its worker"
IN_TURN = "each message to the next worker"


def overtaken(row):
    return f"{row['overtaken']:,} of {row['messages']:,} came after a later one"


def keeps_order(measured: Measured):
    row = measured.row(STICKY)
    return row["overtaken"] == 0, overtaken(row)


def breaks_order(measured: Measured):
    row = measured.row(IN_TURN)
    return row["overtaken"] > 0, overtaken(row)


def order_of_a_room(measured):
    broken = [breaks_order(run)[0] for run in measured]
    sentence = "; ".join(f"{run.runtime}: {overtaken(run.row(IN_TURN))}" for run in measured)
    return Outcome(1 if all(broken) else None if any(broken) else 0, f"{sentence}.")


STREAM = Demo(
    "stream",
    "Messages of 17 chat rooms keep arriving. How are they spread over workers, so that each room stays in order?",
    (Column("variant", "variant"), Column("messages", "messages", "count"), Column("overtaken", "overtaken", "count"),
     Column("p50", "p50", "ns"), Column("p95", "p95", "ns"), Column("p99", "p99", "ns")),
    (
        Claim("A room that stays with one worker stays in order.", keeps_order),
        Claim("Where the next worker takes the next message, messages overtake each other.", breaks_order),
    ),
    threads=Range(3, 2, 16), seconds=None, timeline=True,
)  # fmt: skip

# ---- the quiz

QUIZ = Quiz(
    {
        "terminated": figure("events", "node", TERMINATED, told),
        "function": figure("events", "node", ENDS["function"], told),
        "unheard": figure("events", "node", UNHEARD, told),
        "task": figure("events", "python", ENDS["task_raises"], told),
        "listeners": figure("listeners", "node", "port.onmessage", of_got),
        "flood": figure("flood", "node", UNREAD, waiting),
    }
)

LESSON = Lesson(
    4,
    "Handling messages and events",
    (
        Text("Three messages, one listener"),
        Predict("listeners",
            "Three messages are sent to a port that listens with `port.once('message', f)`. How often is f called?",
            ("once", "three times", "never: a port must be started"), buckets(
            lambda run: {1: 0, 3: 1, 0: 2}[run.row("port.once('message')")["heard"]], (1, 2),
            lambda run: of_heard(run.row("port.once('message')")), "node", )),
        LISTENERS,
        Text("Messages, both ways"),
        Text("Workers that end"),
        Predict("events",
            "A Node.js worker posts a message and then throws. Which events does its parent see, in which order?",
            ORDERS, order_of_a_throw),
        Predict("events", "A Python thread raises an exception that nothing catches. What becomes of the main thread?",
            ("it ends too", "join() raises the exception there", "it runs on; a hook is told"),
            fate_of_the_main_thread),
        EVENTS,
        Text("How a worker ends"),
        Text("When things go wrong"),
        Text("Twenty thousand messages"),
        Predict("flood",
            "20,000 messages of 10 kB to a Node.js worker that is busy. How much more memory is that, until it reads?",
            ("less than 10 MB: they are sent bit by bit", "10 to 100 MB", "more than 100 MB: all of it"),
            memory_of_the_flood("node")),
        FLOOD,
        Text("When nobody reads"),
        Text("Rooms and workers"),
        Predict("stream",
            "Three workers take the messages in turn, each the next one. Does every chat room stay in order?",
            ("yes: they were sent in order", "no: some messages overtake others"), order_of_a_room),
        STREAM,
        Text("A stream in order"),
        Text("Calls by message"),
        QUIZ,
    ),
)  # fmt: skip
