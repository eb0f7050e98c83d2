"""What a pool must do, step by step: a model on paper, a script that is played on both, and the laws of its diary."""

from mtlearn.grading.checks import Failure, Ran, Subject, expect
from mtlearn.grading.stateful.script import came, failed, listed, refused, script

POOL = {"python": "WorkerPool({})", "node": "new WorkerPool(file, {})"}
SUBMIT = {"python": "submit", "node": "run"}
PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}
KINDS = {"plain": "plain functions", "async": "async functions"}
ENDS = {"return": "returned", "raise": "raised an error", "exit": "called process.exit(3)",
        "exit0": "called process.exit(0)", "crash": "ended its worker", "cancel": "was cancelled while it waited",
        "close": "waited when close() was called", "refuse": "was submitted after close()",
        "misfit": "has data that cannot be sent", "beside": "was submitted in that moment"}  # fmt: skip


class Model:
    """A pool on paper.

    ends    how each task ends, by name: a key of ENDS
    steps   what is to be played: the steps that make sense, and after each the wait for what it must bring about
    """

    def __init__(self, size):
        self.size = size
        self.waiting, self.running, self.ends, self.steps = [], [], {}, []
        self.closed = False

    def step(self, what, *how):
        """One step, where it makes sense now."""
        played = getattr(self, what, self.play)(*(how if hasattr(self, what) else (what, *how)))
        begun = []
        while self.waiting and len(self.running) < self.size and not self.closed:
            name = self.waiting.pop(0)
            if self.ends[name] == "misfit":
                played.append(["settled", name])
            else:
                self.running.append(name)
                begun.append(name)
        self.steps += [*played, *([["started", *begun]] if begun else [])]

    def play(self, what, *how):
        return [[what, *how]]

    def submit(self, *names, what="submit", how="return"):
        self.ends.update(dict.fromkeys(names, "refuse" if self.closed else how))
        self.waiting += () if self.closed else names
        return [[what, *names]]

    def misfit(self, *names):
        return self.submit(*names, what="misfit", how="misfit")

    def beside(self, ticks, name, what):
        """It is submitted, and so many turns of the microtasks later the pool is closed, or its signal aborts."""
        self.closed = self.closed or what == "close"
        self.ends[name] = "beside"
        return [
            ["beside", ticks, name, what],
            ["let", "return", name],
            *([["settled", name]] if what == "cancel" else ()),
        ]

    def let(self, how, *names):
        """Those that run end like that; the others, when they run, return."""
        ran = [name for name in names if name in self.running]
        for name in ran:
            self.running.remove(name)
            self.ends[name] = how
        return [["let", how, *names], ["settled", *ran]] if ran else []

    def cancel(self, *names):
        names = [name for name in names if name in self.ends]
        for name in set(names) & set(self.waiting):
            self.waiting.remove(name)
            self.ends[name] = "misfit" if self.ends[name] == "misfit" else "cancel"
        return [["cancel", *names]] if names else []

    def close(self):
        self.closed = True
        self.ends.update(dict.fromkeys(self.waiting, "close"))
        self.waiting = []
        return [["close"]]


def plays(subject: Subject, size, kind, *parts):
    """Play a script on a pool, and raise Failure where it does otherwise than the model; what was seen."""
    model = Model(size)
    for step in script(*parts):
        model.step(*step)
    model.close()  # as every play does in the end
    seen = subject.run_calm("playing", size=size, kind=kind, steps=model.steps).returns[0]
    outcomes = seen["outcomes"]
    for name, outcome in outcomes.items():
        expect(
            "gave" not in outcome,
            f"{SUBMIT[subject.runtime]} should give {PROMISE[subject.runtime]}; it gave {outcome.get('gave')}.",
        )
        if "raised" in outcome and model.ends[name] not in ("refuse", "misfit", "beside"):
            told = f"{SUBMIT[subject.runtime]} raised {refused(outcome)}."
            raise Failure(told, "The pool is open: it should take the task.")
    cancelled = [name for name, how in model.ends.items() if how == "cancel"]
    for name, got in seen.get("cancels", {}).items():
        expect(
            got is (name in cancelled),
            f"Task {name} {'waited' if name in cancelled else 'ran'}: cancel() should give {name in cancelled}; "
            f"it gave {got}.",
            "future.set_running_or_notify_cancel() makes it a running one: then it cannot be cancelled any more.",
        )
    began = {name for what, name, _ in seen["log"] if what == "start"}
    names = [name for name, how in model.ends.items() if name in began or how not in ("misfit", "beside")]
    lawful(subject, seen["log"], size, names, cancelled)
    expect(not seen["close_failed"], f"close() failed: {seen['close_failed'] and refused(seen['close_failed'])}.")
    if seen["stuck"]:
        raise _stuck(subject, size, kind, model.steps, seen["stuck"])
    waits(seen["log"])
    for name, how in model.ends.items():
        _ended(subject, name, how, outcomes.get(name, {"pending": True}))
    return seen


def random_steps(chance, size, runtime):
    """Steps that make sense, and some that do not; the model leaves those out."""
    model, steps, number = Model(size), [], 0
    exits = {"python": 100, "node": 4}[runtime]  # a Node.js worker takes a while to start
    for _ in range({"python": 60, "node": 40}[runtime]):
        what = chance.choices(["submit", "let", "cancel", "misfit"], (3, 6, 2, runtime == "node"))[0]
        names = [f"t{number + each}" for each in range(chance.randint(1, 4))]
        how = chance.choice(["return", "return", "return", "raise", "exit" if exits else "raise"])
        if what in ("submit", "misfit") and len(model.waiting) < 6 or not model.running:
            number += len(names)
            steps.append(["misfit" if what == "misfit" else "submit", *names])
        elif what == "cancel":
            steps.append([what, chance.choice(list(model.ends))])
        else:
            exits -= how == "exit"
            steps.append(["let", how, chance.choice(model.running)])
        model.step(*steps[-1])
    return [*steps, *script("count 2, close", ["let", "return", *model.ends], "close_ended")]


def called(subject: Subject, kind, *jobs, **more):
    """What came of each job in a pool of one."""
    jobs = script(*jobs)
    ended = subject.run_calm("calling", jobs=jobs, kind=kind, **more).returns[0]
    return [*ended, *({"pending": True} for _ in jobs[len(ended) :])]


def calls(subject: Subject, table, shown, told, help):
    """Call what stands in the table, by what must be shown of it."""
    for kind, jobs in table[subject.runtime].items():
        for outcome, want in zip(called(subject, kind, *jobs.values()), jobs, strict=True):
            message = f"One of the {KINDS[kind]} {told[subject.runtime].format(want)}; {got(subject, outcome)}."
            expect(shown(outcome) == want, message, help)


def lawful(subject: Subject, log, size, names, cancelled=(), in_order=True):
    """Check a diary: never more than `size` at once, each task once, none that was cancelled, first in first out.

    `names` are the tasks in the order in which they were submitted.
    """
    running, begun, overtaken = [], set(), None
    for what, name, *_ in log:
        if what == "end":
            running.remove(name)
        if what != "start":
            continue
        expect(name not in begun, f"Task {name} ran twice.", "When its worker ends, it has failed.")
        expect(
            name not in cancelled,
            f"Task {name} was cancelled while it waited, and ran all the same.",
            {
                "python": "Ask future.set_running_or_notify_cancel() before you call the function.",
                "node": "Take it out of the line when its signal aborts.",
            }[subject.runtime],
        )
        begun.add(name)
        running.append(name)
        expect(
            len(running) <= size,
            f"In {pool(subject, size)}, {len(running)} tasks ran at the same time.",
            "A worker takes its next task when the last one has ended, and not earlier.",
        )
        # who was taken out of the line just before may be a moment behind: each such one keeps a worker to itself
        older = [each for each in names[: names.index(name)] if each not in begun and each not in cancelled]
        if len(older) + len(running) > size and in_order:
            overtaken = overtaken or (name, older)
    if overtaken:  # last: where there is no limit, which task is the first of all is a matter of luck
        name, older = overtaken
        raise Failure(
            f"Task {name} started while {listed(older)}, submitted before it, still waited.",
            "Take the task that waits longest: the first of the line.",
        )


def waits(log):
    """Check that nothing ran any more when close() had come to its end."""
    words = [what for what, *_ in log]
    expect("closed" in words, "close() did not come to its end.", "Which worker does it wait for, and why?")
    late = [name for what, name, *_ in log[words.index("closed") :] if what == "end"]
    expect(
        not late,
        f"close() had come to its end while {listed(late)} {are(len(late))} still running.",
        "It lets what runs end, and waits for it.",
    )


def over(subject: Subject, ran: Ran):
    """Check, after a race with close() in the end, that every task ended as the diary says."""
    started = {name for what, name in ran.memory["log"] if what == "start"}
    for name, outcome in ran.memory["outcomes"].items():
        expect(
            outcome.get("value") == name if name in started else _is_over(outcome),
            f"Task {name} {'ran' if name in started else 'did not run'}, and the pool is closed; "
            f"{got(subject, outcome)}.",
            "Every task that was taken ends with a result or an error. What belongs together, such as `is it closed?` "
            "and `put it in line`, needs one lock around it.",
        )


def got(subject: Subject, outcome):
    """What became of a task, as the end of a sentence."""
    return came(outcome, {"python": "its future", "node": "its promise"}[subject.runtime], "is still pending")


def pool(subject: Subject, size):
    """A pool, as the learner makes it."""
    return POOL[subject.runtime].format(size)


def are(count):
    """The verb for so many."""
    return "is" if count == 1 else "are"


def _is_over(outcome):
    return failed(outcome) or "raised" in outcome


def _stuck(subject: Subject, size, kind, steps, stuck):
    """The failure of a play that could not go on, because something never came."""
    number, names = stuck["step"], stuck["missing"]
    what, after = steps[number][0], _after(subject, steps[:number])
    if what == "close_ended":
        return Failure(f"After {after}, close() did not come to its end.", "Which worker does it wait for, and why?")
    where = f"In {pool(subject, size)}, with {KINDS[kind]}, after {after}"
    if what == "replaced":
        help = "Start another in the `exit` event, not when the next task comes."
        return Failure(f"{where}, there should be {size} workers again; there were not.", help)
    if what == "started":
        did, help = "it did" if len(names) == 1 else "they did", "As long as tasks wait, `size` of them run."
        return Failure(f"{where}, {listed(names)} should start; {did} not.", help)
    help = "Every task ends with a result or an error: who waits for it waits for ever otherwise."
    return Failure(f"{where}, {listed(names)} {are(len(names))} still pending.", help)


def _after(subject: Subject, steps):
    """What was done last, in words."""
    for what, *how in reversed(steps):
        if what == "let":
            return f"{listed(how[1:])} {_ending(subject, how[0])}"
        if what in ("submit", "cancel", "misfit", "beside"):
            done = "cancelled" if what == "cancel" else "submitted"
            data = " with data that cannot be sent" if what == "misfit" else ""
            return f"{listed(how)} {'was' if len(how) == 1 else 'were'} {done}{data}"
        if what == "close":
            return "it was called"
    return "the constructor"


def _ending(subject: Subject, how):
    return "raised SystemExit" if (subject.runtime, how) == ("python", "exit") else ENDS[how]


def _ended(subject: Subject, name, how, outcome):
    """Check how a task ended."""

    def told(so):
        return f"Task {name} {_ending(subject, how)}{so}; {got(subject, outcome)}."

    if how == "return":
        expect(outcome.get("value") == name, told(f" {name!r}"))
    elif how == "raise":
        expect(name in outcome.get("failed", ""), told(f", “{name} failed”"))
    elif how == "cancel":
        reason = ", so it should reject with its signal's reason" if subject.runtime == "node" else ""
        expect("cancelled" in outcome, told(reason))
    elif how == "beside":
        help = "Between the question whether the pool is closed and the line, an `await` lets others come first."
        expect(_is_over(outcome) or outcome.get("value") == name, told(", so it should end"), help)
    elif how == "exit" and subject.runtime == "python":
        expect(outcome.get("type") == "SystemExit", told(", so it has failed"))
    else:
        allowed = _is_over(outcome) if how in ("close", "refuse", "misfit") else "failed" in outcome
        expect(allowed, told(SO.get(how, ", so it has failed")), HELP.get(how, HELP["exit"]))


SO = {"close": ", so it should fail", "refuse": ", so it should fail: one more task was taken"}
HELP = {
    "close": "Nobody will run it any more: who waits for it must hear of that.",
    "refuse": "Nobody is left to run it: refuse it.",
    "misfit": "postMessage throws: catch that, fail this task, and give the worker the next one.",
    "exit": "The `exit` event comes however a worker ends, with the code 0, too.",
}
