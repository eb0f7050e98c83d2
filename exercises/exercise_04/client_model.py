"""What a client must do, step by step: a model on paper, and a script that is played on both."""

from mtlearn.grading.checks import Failure, Subject, expect
from mtlearn.grading.stateful.script import came, failed, listed, refused, script, written

PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}
POST_RAISED = "`post` raised"
FAILS = object()  # how a call ends that has no result


class Model:
    """A client on paper.

    ends   how each call must end, by name: its result, or FAILS and the text of the error, and why that is so
    heard  what each listener must have heard, by name
    late   what it may have heard before, as a client may hand events on in its own thread
    posts  the calls that must be posted, in order
    """

    def __init__(self, runtime):
        self.runtime = runtime
        self.ends, self.pending, self.posts = {}, [], []
        self.ears, self.heard, self.late, self.recent = [], {}, {}, []
        self.over = None
        self.refuses = self.answers_early = False
        self.retried = set()

    def settle(self, name, end, why, text=""):
        self.ends[name] = end, why, text
        if name in self.retried and end is FAILS:
            self.retried.remove(name)
            self.call(f"{name} again")

    def call(self, *names):
        for name in names:
            if self.over:
                self.settle(name, FAILS, f"it was made after {self.over}")
            elif self.refuses:
                self.settle(name, FAILS, POST_RAISED)
            else:
                self.posts.append(name)
                self.pending.append(name)
                if self.answers_early:
                    self.pending.remove(name)
                    self.settle(name, name, "its answer arrived while `post` was still running")

    def retry(self, name):
        self.retried.add(name)
        self.call(name)

    drop = call  # the caller keeps a callback

    def collect(self):
        pass

    def answer(self, name, body):
        if name in self.pending:
            self.pending.remove(name)
            self.recent = []  # by now they are handed on
            [(key, value)] = body.items()
            text = value["message"] if isinstance(value, dict) and "message" in value else value
            why = f"the answer was {{ id, {key}: {written(self.runtime, value)} }}"
            self.settle(name, FAILS if key == "error" else value, why, text if isinstance(text, str) else "")

    def undefined(self, name, key):
        if name in self.pending:
            self.pending.remove(name)
            end = FAILS if key == "error" else "undefined"  # that is how JSON tells it
            self.settle(name, end, f"the answer was {{ id, {key}: undefined }}")

    def message(self, body):
        if "event" not in body:
            return
        self.recent.append((body["event"], body["data"]))
        for event, ear in self.ears:
            if event == body["event"]:
                self.heard[ear].append(body["data"])
                if ear.startswith("calling "):
                    self.call(f"{ear} {len(self.heard[ear])}")

    def listen(self, event, ear):
        """One whose name begins with "calling " makes a call for each event."""
        self.ears.append((event, ear))
        self.heard[ear] = []
        self.late[ear] = [data for name, data in self.recent if name == event]

    def hears(self, counts):
        pass

    def emit(self, event, argument):
        self.end(f"the port had told of its `{event}`", f"the port's `{event}` told {argument!r}")

    def close(self):
        self.end("close() was called", "close() was called while it was pending")

    def end(self, over, why):
        self.over = self.over or over
        left, self.pending = self.pending, []
        for name in left:
            self.settle(name, FAILS, why)

    def early(self):
        self.answers_early = True

    def refuse(self, refuses):
        self.refuses = refuses


def plays(subject: Subject, *parts, help="", because=""):
    """Play a script, and raise Failure where the client does otherwise than the model; what was seen."""
    steps, model = [], Model(subject.runtime)
    for what, *how in [*script(*parts), ["hears"]]:
        if model.heard and what in (
            "hears",
            "answer",
            "close",
            "emit",
        ):  # whoever hands events on in another thread gets the time for it
            steps.append(["hears", {ear: len(heard) for ear, heard in model.heard.items()}])
        if what != "hears":
            steps.append([what, *how])
            getattr(model, what)(*how)
    seen = subject.run_calm("playing", steps=steps).returns[0]
    outcomes, posted = seen["outcomes"], [each for each in seen["posted"] if isinstance(each, dict)]
    for broken in seen["broken"]:
        raise _raised(subject, steps[broken["step"]], refused(broken), help)
    for name, outcome in outcomes.items():
        if "raised" in outcome:
            why = model.ends[name][1] if name in model.ends else ""
            into = f"`call` always gives {PROMISE[subject.runtime]}: what goes wrong goes into it."
            too = " too" if why == POST_RAISED else ""
            raise Failure(f"{why and f'{why}, and '}`call` raised{too}: {refused(outcome)}.", into)
        expect(
            "gave" not in outcome,
            f"Call {name} should give {PROMISE[subject.runtime]}; it gave {outcome.get('gave')}.",
            "Make it in `call`, keep what settles it under the id, and return it at once.",
        )
    ids = {repr(each.get("id")) for each in posted}
    expect(
        len(ids) == len(posted),
        f"{len(posted)} calls were made, and {len(ids)} different ids were posted.",
        "Each request needs an id of its own: a counter will do. A clock may show the same time twice.",
    )
    for name, (end, why, text) in model.ends.items():
        ends_so(subject, outcomes.get(name, {"pending": True}), name, end, because or why, text, help)
    _posts(subject, model, seen["posted"])
    for name in model.ends:
        late = model.ends[name][1].startswith("it was made after") and name not in seen["done_at_once"]
        expect(
            not late,
            f"Call {name} should give {PROMISE[subject.runtime]} that has failed already, as {model.ends[name][1]}.",
        )
    for event, ear in model.ears:
        heard, want = seen["heard"].get(ear, []), model.heard[ear]
        late, heard = heard[: len(heard) - len(want)], heard[-len(want) :] if want else []
        expect(
            heard == want and late == model.late[ear][len(model.late[ear]) - len(late) :],
            f"The {ear} listener of `{event}` should hear {_values(subject, want)}; it heard "
            f"{_values(subject, late + heard)}.",
            "Hand the event's data to each listener that on(event, listener) was given for it. An event may have any "
            "name: a table of your own (a dict, a Map) knows no name that is special.",
        )
    return seen


def ends_so(subject, outcome, name, end, why, text="", help=""):
    """Raise Failure unless a call ended as it should, and say why it should."""
    if end is FAILS:
        expect(failed(outcome), f"Call {name} should fail, as {why}; {came(outcome)}.", help)
        expect(
            text in outcome.get("failed", ""),
            f'Call {name} failed, but its text is "{outcome.get("failed")}"; the error said "{text}".',
            "Put the error's text, or its `message`, into the exception: who made the call wants to know why.",
        )
        return
    right = "value" in outcome and (outcome["value"], type(outcome["value"])) == (end, type(end))
    expect(right, f"Call {name} should give {written(subject.runtime, end)}, as {why}; {came(outcome)}.", help)


def _raised(subject, step, raised, help):
    """The failure of a step that raised, which none may."""
    what, *how = step
    first = how[0] if how else ""
    told = {"answer": f"An answer to call {first}", "message": f"A message {first}", "emit": f"The port's `{first}`"}
    told |= {"listen": f"on({first!r}, listener)", "close": "close()"}
    return Failure(f"{told.get(what, what)} raised {raised}.", help)


def _posts(subject, model, posted):
    """Raise Failure unless exactly the requests were posted that should be, in their order."""
    for name, message in zip(model.posts, posted, strict=False):
        want = {"method": "do", "params": {"call": name}}
        given = {key: message.get(key) for key in want} if isinstance(message, dict) else message
        expect(
            given == want and message.get("id") is not None,
            f"call('do', {want['params']}) should post an id, the method and the params; it posted {message}.",
            "A request is { id, method, params }.",
        )
    expect(
        len(posted) >= len(model.posts),
        f"Calls should post {len(model.posts)} messages; {len(posted)} were posted.",
        "port.post(message) sends a message.",
    )
    for late in posted[len(model.posts) :]:
        over = f"after {model.over}" if model.over else "where no call was made"
        raise Failure(f"A message was posted {over}: {late}.", "Nobody listens there any more.")


def _values(subject, values):
    return listed(written(subject.runtime, value) for value in values) or "nothing"
