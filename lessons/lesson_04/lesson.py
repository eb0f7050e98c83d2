"""Lesson 4: handling messages and events."""

from mtlearn.course import (
    Claim,
    Column,
    Demo,
    Lesson,
    Limits,
    Measured,
    Outcome,
    Predict,
    Question,
    Quiz,
    Text,
    figure,
    first,
)

# ---- events


def told(row):
    return f"{row['events']}; {row['after']}"


def saw(**wanted):
    """Every one of these variants (by keyword in `ENDS`) was seen with exactly these events."""

    def judge(measured: Measured):
        rows = {name: measured.row(ENDS[name]) for name in wanted}
        return all(row["events"] == wanted[name] for name, row in rows.items()), "; ".join(
            row["events"] for row in rows.values()
        )

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
    (
        Column("variant", "what happens"),
        Column("threads", "thread", "ids"),
        Column("events", "what is seen"),
        Column("after", "and then"),
    ),
    (
        Claim(
            "A worker that ends well: online, message, exit 0.",
            saw(worker_returns="online > message > exit 0"),
            ("node",),
        ),
        Claim(
            "A worker that throws: the error comes before the exit, and the exit code is 1.",
            error_before_exit,
            ("node",),
        ),
        Claim(
            "process.exit(3) in a worker ends the worker alone, without an error.",
            saw(worker_exits="online > message > exit 3"),
            ("node",),
        ),
        Claim("terminate() asks nobody: exit code 1, and no `finally` is run.", is_cut_off, ("node",)),
        Claim("An error that no listener hears ends the whole process.", dies_unheard, ("node",)),
        Claim(
            "What cannot be copied throws at the sender: messageerror is not told.",
            saw(function="DataCloneError at the sender"),
            ("node",),
        ),
        Claim(
            "messageerror tells of a message that came and cannot be unpacked; the next one arrives.",
            saw(key="messageerror > message (next)"),
            ("node",),
        ),
        Claim(
            "An exception in a thread goes to threading.excepthook, and the main thread runs on.",
            saw(thread_returns="message > join", thread_raises="message > excepthook (LookupError) > join"),
            ("python",),
        ),
        Claim("An exception in a pool stays in its Future, until somebody asks.", stays_in_its_future, ("python",)),
        Claim(
            "A process tells how it ended by its exit code: 0, 1 after an exception, or its own.",
            saw(
                process_returns="message > exitcode 0",
                process_raises="message > exitcode 1",
                process_exits="message > exitcode 3",
            ),
            ("python",),
        ),
        Claim("terminate() asks nobody: exit code -15, and no `finally` is run.", is_cut_off, ("python",)),
        Claim(
            "What cannot be pickled raises at the sender of a Pipe; a Queue loses it and tells nobody.",
            saw(pipe="an exception at the sender", queue="put returns > message (next)"),
            ("python",),
        ),
    ),
    threads=None,
    seconds=None,
    timeline=True,
)

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
    (
        Column("variant", "variant"),
        Column("threads", "threads", "ids"),
        Column("sent", "sent", "count"),
        Column("received", "received", "count"),
        Column("waiting", "waiting", "count"),
        Column("memory", "memory", "bytes"),
        Column("ns_sending", "sending", "ns"),
    ),
    (
        Claim("Sending never waits: what nobody reads piles up in memory.", piles_up),
        Claim("With a limit the sender waits, and the memory stays small.", stays_small),
        Claim("Either way every message arrives.", loses_nothing),
    ),
    threads=None,
    seconds=None,
)

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
    (
        Column("variant", "variant"),
        Column("threads", "threads", "ids"),
        Column("messages", "messages", "count"),
        Column("overtaken", "overtaken", "count"),
        Column("p50", "p50", "ns"),
        Column("p95", "p95", "ns"),
        Column("p99", "p99", "ns"),
    ),
    (
        Claim("A room that stays with one worker stays in order.", keeps_order),
        Claim("Where the next worker takes the next message, messages overtake each other.", breaks_order),
    ),
    threads=Limits(3, 2, 16),
    seconds=None,
    timeline=True,
)

# ---- the quiz


QUIZ = Quiz(
    (
        Question(
            "For each request you add a `message` listener that waits for its answer. What happens in the long run?",
            (
                "Nothing: a listener that has heard its answer is gone",
                "Every message is heard by all of them, and none goes",
            ),
            1,
            "on() adds a listener for good. A thousand requests later, every message calls a thousand of them. Take "
            "one listener, and a table of who waits for which id.",
            beliefs=(10,),
        ),
        Question(
            "You call terminate() while a worker is inside `try ... finally`. What does the worker still do?",
            ("It runs its `finally`, then it ends", "It finishes what it has begun", "Nothing: it is cut off"),
            2,
            "terminate() is not a request. Who wants a clean end sends a message that says so, and lets the worker end "
            "by itself; terminate() is for those who do not listen.",
            figure("events", "node", TERMINATED["node"], told),
            beliefs=(11,),
        ),
        Question(
            "A worker calls console.log while the main thread is busy computing. When is it printed?",
            ("At once: the worker has a console of its own", "When the main thread gets to it"),
            1,
            "A worker's output goes as a message to the main thread, which writes it out in a turn of its event loop. "
            "A worker that is terminated before takes it along. fs.writeSync(1, ...) does not wait.",
            beliefs=(12,),
        ),
        Question(
            "You post an object with a function in it. Where do you learn that this does not work?",
            (
                "In the receiver, by `messageerror`",
                "At the sender: postMessage throws",
                "Nowhere: the function is left out",
            ),
            1,
            "A function cannot be copied, and postMessage says so at once with a DataCloneError. messageerror is for "
            "what was sent well, and cannot be unpacked where it arrives.",
            figure("events", "node", ENDS["function"], told),
            beliefs=(13,),
        ),
        Question(
            "A worker throws, and nobody listens to its `error`. What becomes of the program?",
            ("Only the worker ends", "The whole process ends", "The error is printed, and the worker goes on"),
            1,
            "An `error` event without a listener is thrown in the main thread, like that of any EventEmitter.",
            figure("events", "node", UNHEARD, told),
        ),
        Question(
            "A task in a Python thread pool raises, and nobody asks its Future for a result. Who hears of it?",
            ("threading.excepthook prints it", "The main thread gets the exception", "Nobody"),
            2,
            "The pool keeps the exception in the Future for whoever asks. For a bare Thread, excepthook prints it.",
            figure("events", "python", ENDS["task_raises"], told),
        ),
        Question(
            "A worker reads more slowly than you post. What does postMessage do?",
            ("It waits until there is room", "It returns at once, and the messages pile up in memory", "It throws"),
            1,
            "There is no limit and no waiting: that is up to you. Let the receiver answer, and keep only so many "
            "messages unanswered; in Python, give the queue a size.",
            figure("flood", "node", UNREAD["node"], waiting),
        ),
    )
)

LESSON = Lesson(
    4,
    "Handling messages and events",
    (
        Text("Messages, both ways"),
        Text("How a worker ends"),
        Predict(
            "events",
            "A Node.js worker posts a message and then throws. Which events does its parent see, in which order?",
            ORDERS,
            order_of_a_throw,
        ),
        Predict(
            "events",
            "A Python thread raises an exception that nothing catches. What becomes of the main thread?",
            ("it ends too", "join() raises the exception there", "it runs on; a hook is told"),
            fate_of_the_main_thread,
        ),
        EVENTS,
        Text("When things go wrong"),
        Text("When nobody reads"),
        Predict(
            "flood",
            "20,000 messages of 10 kB to a Node.js worker that is busy. How much more memory is that, until it reads?",
            ("less than 10 MB: they are sent bit by bit", "10 to 100 MB", "more than 100 MB: all of it"),
            memory_of_the_flood("node"),
        ),
        FLOOD,
        Text("A stream in order"),
        Predict(
            "stream",
            "Three workers take the messages in turn, each the next one. Does every chat room stay in order?",
            ("yes: they were sent in order", "no: some messages overtake others"),
            order_of_a_room,
        ),
        STREAM,
        Text("Calls by message"),
        QUIZ,
    ),
)
