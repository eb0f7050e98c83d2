"""The checks of exercise 4, for both languages.

Most of them play a list of steps on a fake port (see `Play` in the scenarios) and look at what came of it.
"""

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

CALLS = ["a", "b", "c"]
PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}
AN_ANSWER = {"result": "here you are"}


def test_loads(subject: Subject):
    """The file loads and has the name that is asked for."""
    subject.load()


def test_one_listener(subject: Subject):
    """There is one `message` listener on the port, from construction on, however many calls are made."""
    seen = _play(subject, ["call", "a", "b"], ["answer", "a", AN_ANSWER], ["call", "c"])
    expect(
        seen["listening"][0] == 1,
        f"After RpcClient(port) the port has {seen['listening'][0]} `message` listeners; there should be one.",
        "An answer, or an event, may come at any time: listen from the constructor on.",
    )
    most = max(seen["listening"])
    expect(
        most == 1,
        f"After some calls the port has {most} `message` listeners; there should be one, however many calls are made.",
        "A listener for each call hears every answer, and stays there for good. Let one listener look up whose answer "
        "it is, by the id.",
    )


def test_request(subject: Subject):
    """A call posts { id, method, params } and gives the result of its answer."""
    results = {"a": {"text": "hello"}, "b": "done", "c": [1, 2]}
    steps = [["call", name] for name in CALLS] + [["answer", name, {"result": results[name]}] for name in CALLS]
    seen = _play(subject, *steps)
    _gives_promises(subject, seen)
    posted = seen["posted"]
    expect(
        len(posted) == 3,
        f"Three calls should post three messages; {len(posted)} were posted.",
        "port.post(message) sends a message.",
    )
    for name, message in zip(CALLS, posted, strict=True):
        want = {"method": "do", "params": {"call": name}}
        given = {key: message.get(key) for key in want} if isinstance(message, dict) else message
        expect(
            given == want and message.get("id") is not None,
            f"call('do', {want['params']}) should post an id, the method and the params; it posted {message}.",
            "A request is { id, method, params }.",
        )
    for name in CALLS:
        _gave(seen, name, results[name], "its answer arrived")
    _calm(seen, steps)


def test_the_key_decides(subject: Subject):
    """An answer with the key `result` is a result, and one with the key `error` an error, whatever the value."""
    empty = [None, False, 0, ""]
    names = [str(number) for number in range(len(empty))]
    for key in ("result", "error"):
        steps = [["call", *names], *(["answer", name, {key: value}] for name, value in zip(names, empty, strict=True))]
        seen = _play(subject, *steps)
        for name, value in zip(names, empty, strict=True):
            what = f"the answer was {{ id, {key}: {_value(subject, value)} }}"
            help = f"Ask whether the key `{key}` is there, not whether its value is true."
            if key == "result":
                _gave(seen, name, value, what, help)
            else:
                _failed(seen, name, what, help)
        _calm(seen, steps)


def test_any_order(subject: Subject):
    """Answers may come in any order: each call gets its own, by the id."""
    names = [str(number) for number in range(100)]
    order = names[50:] + names[49::-1]  # the second half, then the first one backwards
    steps = [["call", *names], *(["answer", name, {"result": f"for {name}"}] for name in order)]
    seen = _play(subject, *steps)
    ids = [message["id"] for message in seen["posted"] if isinstance(message, dict) and "id" in message]
    expect(
        len(set(map(repr, ids))) == len(names),
        f"{len(names)} calls were made at once, and {len(set(map(repr, ids)))} different ids were posted.",
        "Each request needs an id of its own: a counter will do. A clock may show the same time twice.",
    )
    for name in names:
        _gave(seen, name, f"for {name}", "the answers came in another order than the calls")
    _calm(seen, steps)


def test_errors(subject: Subject):
    """An error in an answer fails that one call, with its text."""
    steps = [
        ["call", *CALLS],
        ["answer", "a", {"error": "no such room"}],
        ["answer", "b", {"error": {"code": 7, "message": "the room is full"}}],
        ["answer", "c", AN_ANSWER],
    ]
    seen = _play(subject, *steps)
    for name, text in (("a", "no such room"), ("b", "the room is full")):
        failed = _failed(seen, name, "its answer was an error", "The key `error` says that the call failed.")
        expect(
            text in failed,
            f'Call {name} failed, but its text is "{failed}"; the error said "{text}".',
            "Put the error's text, or its `message`, into the exception: who made the call wants to know why.",
        )
    _gave(seen, "c", AN_ANSWER["result"], "the errors were about other calls")
    _calm(seen, steps)


def test_strays_are_ignored(subject: Subject):
    """A second answer to the same call, and an answer to an id that was never sent, change nothing."""
    steps = [
        ["call", "a", "b"],
        *(["message", {"id": stray, "result": "a stray"}] for stray in (987654321, -1, "no such id")),
        ["message", {"id": 987654321, "error": "a stray"}],
        ["answer", "a", {"result": "first"}],
        ["call", "c"],
        ["answer", "a", {"result": "second"}],
        ["answer", "a", {"error": "third"}],
        ["answer", "c", {"result": "for c"}],
        ["answer", "b", {"result": "for b"}],
    ]
    seen = _play(subject, *steps)
    _calm(seen, steps, "Look the id up first: where nobody waits for it (any more), there is nothing to do.")
    _gave(seen, "a", "first", "the same call was answered again later")
    for name in ("b", "c"):
        _gave(seen, name, f"for {name}", "answers to nobody and to another call had come before")


def test_early_answer(subject: Subject):
    """An answer may arrive before `post` returns."""
    steps = [["early"], ["call", "a", "b"]]
    seen = _play(subject, *steps)
    for name in ("a", "b"):
        _gave(
            seen,
            name,
            name,
            "its answer arrived while `post` was still running",
            "Have the call pending before you post: the answer may be quicker than the return.",
        )
    _calm(seen, steps)


def test_post_raises(subject: Subject):
    """When `post` raises, that call fails, `call` does not raise, and the others go on."""
    steps = [
        ["call", "a"],
        ["refuse", True],
        ["call", "b"],
        ["refuse", False],
        ["answer", "b", AN_ANSWER],
        ["call", "c"],
        ["answer", "c", {"result": "for c"}],
        ["answer", "a", {"result": "for a"}],
    ]
    seen = _play(subject, *steps)
    raised = [broken for broken in seen["broken"] if broken["step"] == 2]
    expect(
        not raised,
        f"`post` raised, and `call` raised too: {raised[0]['raised'] if raised else ''}.",
        f"`call` always gives {PROMISE[subject.runtime]}: what goes wrong goes into it.",
    )
    _failed(seen, "b", "`post` raised", "Nobody will answer a message that was never sent.")
    _gave(seen, "a", "for a", "the post of another call raised")
    _gave(seen, "c", "for c", "the post of another call had raised")
    _calm(seen, steps, "A call whose post raised is no longer pending.")


def test_the_end_fails_pending(subject: Subject):
    """When the port tells of an error or an exit, with 0 too, every pending call fails."""
    for event, argument in (("exit", 1), ("exit", 0), ("error", "out of memory")):
        steps = [["call", *CALLS], ["answer", "b", AN_ANSWER], ["emit", event, argument]]
        steps += [["emit", "exit", 1]] if event == "error" else []
        seen = _play(subject, *steps)
        told = f"the port's `{event}` told {argument!r}"
        for name in ("a", "c"):
            _failed(seen, name, told, "After that nobody answers any more: fail all that is pending.")
        _gave(seen, "b", AN_ANSWER["result"], f"it was answered before {told}")
        _calm(seen, steps, "After an error there often comes an exit: be ready for both.")


def test_after_the_end(subject: Subject):
    """After an error, an exit or close(), a call has failed already, and posts nothing."""
    for end in (["emit", "exit", 0], ["emit", "error", "out of memory"], ["close"]):
        steps = [["call", "a"], end, ["call", "b"]]
        seen = _play(subject, *steps)
        told = "close() was called" if end == ["close"] else f"the port had told of its `{end[1]}`"
        _failed(seen, "b", f"it was made after {told}", "Remember that it is over, and why.")
        expect(
            subject.runtime == "node" or "b" in seen["done_at_once"],
            f"A call made after {told} should give a future that has failed already; it failed later.",
        )
        late = [message for message in seen["posted"] if message.get("params") == {"call": "b"}]
        expect(
            not late,
            f"A call made after {told} still posted {late[0] if late else ''}.",
            "Nobody listens there any more.",
        )
        _calm(seen, steps)


def test_close(subject: Subject):
    """close() fails every pending call; a second close() does nothing, and nor does an answer that comes late."""
    steps = [["call", "a", "b"], ["answer", "a", AN_ANSWER], ["close"], ["close"], ["answer", "b", AN_ANSWER]]
    steps += [["emit", "exit", 0], ["close"]]
    seen = _play(subject, *steps)
    _calm(seen, steps, "After close() nothing is pending, and whatever still comes finds nobody waiting.")
    _failed(seen, "b", "close() was called while it was pending", "Whoever waits for it would wait for ever.")
    _gave(seen, "a", AN_ANSWER["result"], "it was answered before close()")


def test_events(subject: Subject):
    """The data of an unsolicited event goes to every listener of that event, and to no other."""
    steps = [
        ["listen", "joined", "first"],
        ["listen", "joined", "second"],
        ["listen", "left", "other"],
        ["message", {"event": "joined", "data": {"who": "Ada"}}],
        ["call", "a"],
        ["message", {"event": "nobody listens to this", "data": 1}],
        ["message", {"event": "joined", "data": 0}],
        ["message", {"event": "left", "data": None}],
        ["answer", "a", AN_ANSWER],  # the last: who hands on in another thread has handed on all by then
    ]
    seen = _play(subject, *steps)
    _calm(seen, steps, "A message with the key `event` is no answer; where nobody listens, it goes nowhere.")
    want = {"first": [{"who": "Ada"}, 0], "second": [{"who": "Ada"}, 0], "other": [None]}
    names = {"first": "the first listener of `joined`", "second": "the second listener of `joined`"}
    for ear, data in want.items():
        expect(
            seen["heard"].get(ear) == data,
            f"{names.get(ear, 'the listener of `left`').capitalize()} should hear {_listed(data)}; "
            f"it heard {_listed(seen['heard'].get(ear, [])) or 'nothing'}.",
            "Hand the event's data to each listener that on(event, listener) was given for it.",
        )
    _gave(seen, "a", AN_ANSWER["result"], "events came in between")


def test_nothing_is_kept(subject: Subject):
    """Nothing of a call is kept after it is settled."""
    count = 20
    for way, kept in subject.run_calm("keeping", count=count).returns[0].items():
        expect(
            kept < count // 2,
            f"{count} calls were settled by {way}; afterwards {min(kept, count)} of them are still held by the client.",
            "Take the call out of what is pending when you settle it: a client that runs for days makes many calls.",
        )


@only("python")
def test_ids_from_threads(subject: Subject):
    """Two threads may call at the same time, and each gets its own answer."""

    def judge(ran: Ran):
        for number, told in enumerate(ran.returns):
            _told(told, str(number), "two threads called at once", {"value": str(number)}, IDS)

    subject.explore("calling", judge, threads=2)


IDS = "Between reading the last id and writing the next one, another thread can do the same: both get one id."


@only("python")
def test_a_call_beside_the_end(subject: Subject):
    """A call that is made while the port exits, or while another thread closes the client, fails; it never hangs."""
    for how in ("exit", "close"):

        def judge(ran: Ran, how=how):
            told = f"{'the port told of its exit' if how == 'exit' else 'another thread called close()'} meanwhile"
            _told(ran.returns[0], "b", told, "failed", BESIDE)

        subject.explore("ending", judge, how=how)


BESIDE = (
    "It looked whether it is over, then the end came and failed all that was pending, and then the call became "
    "pending: too late. Let the look and the entry be one step, under a lock that the end takes too."
)


@only("python")
def test_settled_once(subject: Subject):
    """An answer and a close() at the same time settle the call once, and neither raises."""

    def judge(ran: Ran):
        (told, *raised), closed = ran.returns
        for what, error in (("the answer", *raised), ("close()", closed)):
            expect(error is None, f"An answer and a close() came at the same time, and {what} raised {error}.", ONCE)
        if "value" not in told:
            _told(told, "a", "an answer and a close() came at the same time", "failed")

    subject.explore("settling", judge)


ONCE = (
    "Both saw that the call was still open, and both settled it. Let one step decide whose it is: whoever takes it "
    "out of what is pending settles it."
)


@only("python")
def test_calls_from_callbacks(subject: Subject):
    """A future's callback may call again, also while the client ends."""
    for end in (["emit", "exit", 1], ["close"]):
        steps = [["retry", "a"], ["retry", "b"], end]
        seen = _play(subject, *steps)
        for name in ("a", "b", "a again", "b again"):
            _failed(seen, name, "it was over, and the callbacks of the calls that failed called again")
        _calm(seen, steps)


@only("python")
def test_real_threads(subject: Subject):
    """For real: four threads call, a fifth answers the last call first, each twice."""
    callers, calls = 4, 50
    ran = subject.run_calm("working", callers=callers, calls=calls)
    *told, answered = ran.returns
    expect(
        answered == callers * calls,
        f"{callers} threads made {callers * calls} calls; {answered} requests reached the worker.",
    )
    for each in told:
        for wrong in each["wrong"][:1]:
            name = wrong.pop("call")
            _told(wrong, name, "four threads called, and a fifth answered", {"value": name})
    ids = {thread["id"] for thread in ran.threads}
    expect(len(ids) == callers + 1, f"Only {len(ids)} of {callers + 1} threads really ran.")
    expect(
        all(each["answered_by"] == [ran.threads[-1]["id"]] for each in told),
        "The answers did not come from the worker's thread.",
    )


@only("node")
def test_real_worker(subject: Subject):
    """For real: a Worker answers the last call first, each twice, and exits with a call unanswered."""
    count = 20
    seen = subject.run_calm("working", calls=count).returns[0]
    names = [str(number) for number in range(count)]
    for name in names:
        told = seen["calls"].get(name, {"pending": True})
        value = told.get("value")
        wanted = {"value": {"call": name, "thread": value.get("thread") if isinstance(value, dict) else None}}
        _told(told, name, "a real Worker had answered", wanted)
        expect(value["thread"] != seen["thread"], f"Call {name} was answered by the thread that made it.")
    expect(
        seen["announced"] == [count],
        f"The Worker sent one event `answering` with {count}; its listener heard {_listed(seen['announced'])}.",
        "on(event, listener) gets the events that the worker sends without being asked.",
    )
    _told(seen["left"], "stay", f"the Worker ended with exit code {seen['code']}", "failed")


# -- helpers ------------------------------------------------------------------


def _play(subject: Subject, *steps):
    return subject.run_calm("playing", steps=steps).returns[0]


def _gives_promises(subject: Subject, seen):
    for name, told in seen["calls"].items():
        expect(
            "gave" not in told,
            f"Call {name} should give {PROMISE[subject.runtime]}; it gave {told.get('gave')}.",
            "Make it in `call`, keep what settles it under the id, and return it at once.",
        )


def _told(told, name, when, want, help=""):
    """Raise Failure unless a call ended as wanted: {"value": ...}, or "failed" with whatever text."""
    if (want == "failed" and "failed" in told) or told == want:
        return
    wanted = "should fail" if want == "failed" else f"should give {want['value']!r}"
    if "value" in told:
        came = f"it gave {told['value']!r}"
    elif "failed" in told:
        came = f'it failed with "{told["failed"]}"'
    elif "gave" in told:
        came = f"`call` gave {told['gave']}"
    elif "undefined" in told:
        came = "it gave undefined"
    else:
        came = "it never ended: whoever waits for it waits for ever"
    raise Failure(f"Call {name} {wanted}, as {when}; {came}.", help)


def _gave(seen, name, value, when, help=""):
    _told(_call(seen, name, when), name, when, {"value": value}, help)


def _failed(seen, name, when, help=""):
    told = _call(seen, name, when)
    _told(told, name, when, "failed", help)
    return told["failed"]


def _call(seen, name, when):
    """How a call ended; where `call` itself raised, that is the failure."""
    if name in seen["calls"]:
        return seen["calls"][name]
    raised = seen["broken"][0]["raised"] if seen["broken"] else "nothing"
    raise Failure(
        f"Call {name} could not be made, as {when}: it raised {raised}.",
        "`call` never raises itself: what goes wrong goes into what it gives.",
    )


def _calm(seen, steps, help=""):
    """No listener of the client, and none of its methods, may have raised."""
    for broken in seen["broken"]:
        what, *how = steps[broken["step"]]
        told = {
            "answer": lambda: f"An answer to call {how[0]}",
            "message": lambda: f"A message {how[0]}",
            "emit": lambda: f"The port's `{how[0]}`",
            "close": lambda: "close()",
            "listen": lambda: f"on({how[0]!r}, listener)",
        }.get(what, lambda: "call")()
        raise Failure(f"{told} raised {broken['raised']}.", help)


def _value(subject: Subject, value):
    names = {None: {"python": "None", "node": "null"}, False: {"python": "False", "node": "false"}}
    return names[value][subject.runtime] if value is None or value is False else repr(value)


def _listed(values):
    return ", ".join(map(repr, values))
