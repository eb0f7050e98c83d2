"""The checks of exercise 4, for both languages.

Most of them play a script on a fake port, and compare what came of it with the model.
"""

import random

from client_model import FAILS, ends_so, plays

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only
from mtlearn.grading.stateful.script import came, listed, script, shortest, written

VALUES = [None, False, 0, "", [], {}, {"error": "none"}, {"event": "joined", "data": 1}]
AN_ANSWER = {"result": "here you are"}
ODD_NAMES = " error newListener removeListener constructor __proto__ toString message exit call close on off".split(" ")


def answer(name, body=AN_ANSWER):
    """An answer to the call of this name."""
    return ["answer", name, body]


def event(name, data):
    """An unsolicited event."""
    return ["message", {"event": name, "data": data}]


def test_one_listener(subject: Subject):
    """There is one `message` listener on the port, from construction on, however many calls are made."""
    listening = subject.run_calm("playing", steps=script("call a b", answer("a"), "call c")).returns[0]["listening"]
    for count, when in zip(listening, ("RpcClient(port)", "some calls"), strict=True):
        expect(
            count == 1,
            f"After {when} the port has {count} `message` listeners; there should be one, however many calls are made.",
            "An event may come at any time: listen from the constructor on. And a listener for each call hears every "
            "answer, and stays there for good: let one look up whose answer it is, by the id.",
        )


def test_request(subject: Subject):
    """A call posts { id, method, params } and gives the result of its answer."""
    results = {"a": {"text": "hello"}, "b": "done", "c": [1, 2]}
    plays(subject, "call a b c", *(answer(name, {"result": result}) for name, result in results.items()))
    posted = subject.run_calm("posting", params=VALUES).returns[0]
    for value, message in zip(VALUES, posted, strict=False):
        params = message.get("params") if isinstance(message, dict) else None
        told = [written(subject.runtime, each) for each in (value, params)]
        expect(
            (params, type(params)) == (value, type(value)),
            f"call('do', {told[0]}) should post these params; it posted {told[1]}.",
            "Hand the params on as they are, whatever they are worth.",
        )


def test_the_key_decides(subject: Subject):
    """An answer with the key `result` is a result, and one with the key `error` an error, whatever the value."""
    for key in ("result", "error"):
        answers = {f"{number}": {key: value} for number, value in enumerate(VALUES)}
        help = f"Ask whether the key `{key}` is there, not whether its value is true."
        plays(subject, ["call", *answers], *(answer(*each) for each in answers.items()), help=help)
        if subject.runtime == "node":
            plays(subject, "call a", ["undefined", "a", key], help=help)


def test_any_order(subject: Subject):
    """Answers may come in any order: each call gets its own, by the id."""
    names = [str(number) for number in range(300)]
    order = names[150:] + names[149::-1]  # the second half, then the first one backwards
    answers = [answer(name, {"result": f"for {name}"}) for name in order]
    plays(subject, ["call", *names], *answers, because="the answers came in another order than the calls")


def test_errors(subject: Subject):
    """An error in an answer fails that one call, with its text."""
    errors = ["no such room", {"code": 7, "message": "the room is full"}, {"code": 7}, 7, ["a", "list"]]
    answers = [answer(name, {"error": error}) for name, error in zip("abcde", errors, strict=True)]
    plays(subject, "call a b c d e f", *answers, answer("f"), help="The key `error` says that the call failed.")


def test_strays_are_ignored(subject: Subject):
    """A second answer to the same call, and an answer to an id that was never sent, change nothing."""
    strays = [["message", {"id": id, key: 1}] for id in (98765432, -1, None, *ODD_NAMES) for key in ("result", "error")]
    answers = [answer("a", {"result": "first"}), *strays, answer("a", {"result": "second"})]
    answers += [answer("a", {"error": "third"}), answer("c"), answer("b")]
    help = "Look the id up first: where nobody waits for it (any more), there is nothing to do."
    plays(subject, "call a b", *strays, "call c", *answers, help=help)


def test_early_answer(subject: Subject):
    """An answer may arrive before `post` returns."""
    help = "Have the call pending before you post: the answer may be quicker than the return."
    plays(subject, "early, call a b", help=help)


def test_post_raises(subject: Subject):
    """When `post` raises, that call fails, `call` does not raise, and the others go on."""
    answers, help = [answer(name) for name in "ca"], "A call whose post raised is no longer pending."
    plays(subject, "call a, refuse true, call b, refuse false", answer("b"), "call c", *answers, help=help)


def test_the_end_fails_pending(subject: Subject):
    """When the port tells of an error or an exit, with 0 too, every pending call fails."""
    help = "After that nobody answers any more: fail all that is pending. After an error there often comes an exit."
    for ends in ("emit exit 1", "emit exit 0", "emit error failure, emit exit 1"):
        plays(subject, "call a b c", answer("b"), ends, help=help)


def test_after_the_end(subject: Subject):
    """After an error, an exit or close(), a call has failed already, and posts nothing."""
    for end in ("emit exit 0", "emit error failure", "close"):
        steps = f"call a, {end}, call b, close, emit exit 1, call c, close"
        plays(subject, steps, help="Remember that it is over, and why.")


def test_close(subject: Subject):
    """close() fails every pending call; a second close() does nothing, and nor does an answer that comes late."""
    help = "After close() nothing is pending, and whatever still comes finds nobody waiting."
    plays(subject, "call a b", answer("a"), "close, close", answer("b"), "emit exit 0, close", help=help)


def test_events(subject: Subject):
    """The data of an unsolicited event goes to every listener of that event, and to no other."""
    help = "A message with the key `event` is no answer; where nobody listens, it goes nowhere."
    plays(subject, "listen joined first, listen joined second, listen left third", event("joined", {"who": "Ada"}),
          "call a", event("nobody listens to this", 1), event("joined", 0), event("left", None),
          answer("a"), help=help)  # fmt: skip
    plays(subject, ["listen", "joined", "calling first"], event("joined", 1), answer("calling first 1"), help=help)


def test_events_of_any_name(subject: Subject):
    """An event may have any name, `error` or `constructor` say, heard or not: no call is disturbed."""
    for name in ODD_NAMES:
        help = f"`{name}` is a name like any other. Which of them has a meaning where you keep your listeners?"
        plays(subject, "call a", event(name, 1), answer("a"), "call b", ["listen", name, "first"], event(name, 2),
              ["listen", name, "second"], event("other", 3), event(name, 4), answer("b"), help=help)  # fmt: skip


def test_nothing_is_kept(subject: Subject):
    """Nothing of a call is kept after it is settled."""
    for way, kept in subject.run_calm("keeping", count=(count := 20)).returns[0].items():
        told = f"{count} calls were settled by {way}; afterwards {min(kept, count)} are still held by the client."
        expect(kept < count // 2, told, "Take the call out of what is pending when you settle it.")


def test_pending_is_kept(subject: Subject):
    """A caller who keeps nothing but a callback is answered like any other."""
    help = "A pending call belongs to the client: a weak table loses it when nobody else holds what `call` gave."
    plays(subject, "drop a, drop b, drop c, collect", answer("b"), answer("a", {"error": "no"}), "emit exit 0",
          help=help)  # fmt: skip


def test_calls_from_callbacks(subject: Subject):
    """What waits for a call may call again, also while the client ends."""
    plays(subject, "retry a, retry b, emit exit 1")
    plays(subject, "retry a, retry b, close")


def test_random_operations(subject: Subject):
    """In any order of calls, answers, events and ends, every call ends as it should."""
    for seed in range(3):
        shortest(lambda steps: plays(subject, *steps), _random_steps(random.Random(seed)))


def _random_steps(chance):
    steps, names = [], ["call 0"]
    for number in range(60):
        name, odd = chance.choice(names), chance.choice(["joined", *ODD_NAMES])
        key, value = chance.choice(["result", "result", "error"]), chance.choice(VALUES)
        stray = ["message", {"id": f"stray {number}", "result": number}]
        what = chance.choices("call answer event listen refuse stray".split(), (4, 5, 2, 1, 1, 1))[0]
        names += [f"call {number}"] if what == "call" else []
        steps.append({"call": ["call", names[-1]], "answer": answer(name, {key: value}), "event": event(odd, number),
                      "listen": ["listen", odd, f"{number}th"], "refuse": ["refuse", chance.random() < 0.4],
                      "stray": stray}[what])  # fmt: skip
    return [*steps, *script(chance.choice(["close", "emit exit 0", "emit error gone"]), "call late")]


# -- several threads


@only("python")
def test_ids_from_threads(subject: Subject):
    """Two threads may call at the same time, and each gets its own answer."""

    def judge(ran: Ran):
        for number, outcome in enumerate(ran.returns):
            ends_so(subject, outcome, f"{number}", f"{number}", "two threads called at once", help=help)

    help = "Between reading the last id and writing the next one, another thread can do the same: both get one id."
    subject.explore("calling", judge, threads=2)


def test_a_call_beside_the_end(subject: Subject):
    """A call that is made while the port exits, or while the client is closed, fails; it never hangs."""
    for how, told in (("exit", "the port told of its exit"), ("close", "somebody else called close()")):

        def judge(ran: Ran, told=told):
            ends_so(subject, ran.returns[0], "b", FAILS, f"{told} meanwhile", help=BESIDE)

        subject.explore("ending", judge, how=how)


BESIDE = (
    "It looked whether it is over, then the end came and failed all that was pending, and then the call became "
    "pending: too late. Let look and entry be one step: no `await` between them, or one lock that the end takes, too."
)


@only("python")
def test_settled_once(subject: Subject):
    """An answer and a close() at the same time settle the call once, and neither raises."""

    def judge(ran: Ran):
        (outcome, answered), closed = ran.returns
        for what, ended in (("the answer", answered), ("close()", closed)):
            expect(
                "gave" in ended,
                f"An answer and a close() came at the same time, and {what} raised {ended.get('raised')}.",
                "Both saw that the call was still open, and both settled it. Let one step decide whose it is: whoever "
                "takes it out of what is pending settles it.",
            )
        if "value" not in outcome:
            ends_so(subject, outcome, "a", FAILS, "an answer and a close() came at the same time")

    subject.explore("settling", judge)


@only("python")
def test_real_threads(subject: Subject):
    """For real: four threads call, a fifth answers the last call first, each twice."""
    callers, calls = 4, 50
    ran = subject.run_calm("working", callers=callers, calls=calls)
    *wrong, answered = ran.returns
    expect(
        answered == callers * calls,
        f"{callers} threads made {callers * calls} calls; {answered} requests reached the worker.",
    )
    for _, outcome in sum(wrong, [])[:1]:  # which calls, and whose answers they got, is another story each time
        got = "it gave something else" if "value" in outcome else came(outcome)
        called = f"{callers} threads made {callers * calls} calls, and a fifth answered the last one first"
        raise Failure(f"{called}. One call did not get its own answer: {got}.")
    expect(len({thread.id for thread in ran.threads}) == callers + 1, "Not all of the threads really ran.")


@only("node")
def test_real_worker(subject: Subject):
    """For real: a Worker answers the last call first, each twice, and exits with a call unanswered."""
    count = 20
    seen = subject.run_calm("working", calls=count).returns[0]
    for name in map(str, range(count)):
        want = {"call": name, "thread": seen["worker"]}
        ends_so(subject, seen["outcomes"][name], name, want, "a real Worker had answered")
    expect(
        seen["announced"] == [count],
        f"The Worker sent one event `answering` with {count}; its listener heard {listed(seen['announced'])}.",
        "on(event, listener) gets the events that the worker sends without being asked.",
    )
    left = seen["outcomes"]["left"]
    expect("failed" in left, f"Call stay should fail, as the Worker ended with code {seen['code']}; {came(left)}.")
