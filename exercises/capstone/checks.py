"""The checks of the capstone, for both languages: one for each mistake in the starter, and all of it under load."""

import random

from mtlearn.grading.checks import Failure, Ran, Subject, Unchecked, expect
from mtlearn.grading.stateful.script import came, listed, script, written

ROOM, WIDEST, AT_ONCE = 1_024, 1_000, 10
GOOD = {"pixels": "a" * 5, "width": 100}
BAD = [("width", width) for width in (WIDEST + 1, 10**9, 0, -1, 1.5, True, "9", None, [5])] + [
    ("pixels", pixels) for pixels in ("", "a" * (ROOM + 1), None, 7)
]


def test_the_loop_turns(subject: Subject):
    """While a long index is made, the loop goes on turning."""
    seen = subject.run_calm("indexing", count=95).returns[0]
    help = "An `async` function that awaits nothing holds the loop until it has ended, and every caller waits for it."
    at_once, turns = 0, seen["turns"]
    expect(not seen.get("elsewhere"), "fingerprint() was called on another thread.", "Only the loop's own may call it.")
    for before, after in zip([None, *turns], turns, strict=False):
        at_once = at_once + 1 if before == after else 1
        if at_once > AT_ONCE:
            whole = turns.count(after)
            raise Failure(f"fingerprint() was called {whole} times without a turn of the loop in between.", help)
    expect(seen["right"], "index() did not give each name with its fingerprint.")


def test_one_at_a_time(subject: Subject):
    """A worker has one request at a time, and the request that waits longest goes to the first that is free."""
    help = "Nothing is dealt out beforehand: keep a line of requests, and take the next one when a worker is free."
    plays(subject, "ask a 9, ask b 9, ask c 9, ask d 9, sent a b, answer b, sent c, answer c, sent d", help=help)


def test_everybody_gets_their_own(subject: Subject):
    """Everybody gets the thumbnail of their own picture, whoever is done first."""
    outcomes = plays(subject, "ask a 9, ask b 9, sent a b, answer b, answer a, over a b", alone=False)
    own(outcomes, "ab")


def test_the_traffic_is_counted(subject: Subject):
    """No request is lost from the count when threads add to it, in any order of steps."""

    def judge(ran: Ran):
        requests, size = ran.memory["traffic"]
        told = "Two threads added a request each, of 3 and of 50 bytes: that makes 2 with 53"
        expect((requests, size) == (2, 53), f"{told}; it counted {requests} with {size}.", COUNT[subject.runtime])

    subject.explore("counting", judge, sizes=[[3], [50]])


COUNT = {
    "python": "`+=` reads, adds and writes, and another thread may come in between: one lock around it.",
    "node": "`+=` reads, adds and writes, and another thread may come in between: Atomics.add does it in one step.",
}


def test_nobody_sees_anothers_bytes(subject: Subject):
    """A worker gets the picture that it is to shrink, and not a byte of the one before."""
    steps = "ask a 900, ask b 900, sent a b, answer a, answer b, ask c 3, ask d 3, sent c d, answer c, answer d"
    plays(subject, steps, alone=False, help="", bytes_of={"a": 900, "b": 900, "c": 3, "d": 3})


def test_a_request_outlives_its_worker(subject: Subject):
    """When a worker exits, its request is sent to another one; when that one exits, too, it fails."""
    again = "A worker that exits takes what it had with it: whoever notices must put the request in line again."
    plays(subject, "ask a 9, sent a, exit a, sent a, answer a, over a", size=1, help=again)
    outcomes = plays(subject, "ask a 9, ask b 9, sent a b, exit a, sent a, answer b, answer a, over a b",
                     alone=False, help=again)  # fmt: skip
    own(outcomes, "ab", again)
    outcomes = plays(subject, "ask a 9, sent a, exit a, sent a, exit a, over a", size=1, help=again)
    told = f"Two workers exited, one after the other, with the same picture: {got(outcomes['a'])}."
    expect(refused(outcomes["a"]), told, "After two tries the caller gets an error: the picture may be the reason.")


def test_bad_requests_are_refused(subject: Subject):
    """A request that is not right is refused, and never reaches a worker."""
    help = "Check what comes from outside before anything is done with it: its type, its least and its most."
    for key, value in BAD:
        seen = subject.run_calm("playing", size=1, steps=[["request", "a", {**GOOD, key: value}]]).returns[0]
        told = f"{len(value)} bytes" if (key, type(value)) == ("pixels", str) else written(subject.runtime, value)
        whose = f"A request whose `{key}` is {told}"
        expect(not seen["log"], f"{whose} was sent to a worker.", help)
        outcome = seen["outcomes"]["a"]
        expect(refused(outcome), f"{whose} should fail; {got(outcome)}.", help)
    for key, value in (("width", 1), ("width", WIDEST), ("pixels", "a"), ("pixels", "a" * ROOM)):
        seen = subject.run_calm("playing", size=1, steps=[["request", "a", {**GOOD, key: value}]]).returns[0]
        told = f"{len(value)} bytes" if key == "pixels" else value
        expect(seen["log"], f"A request whose `{key}` is {told} is as it should be, and was not sent to a worker.")


def test_under_load(subject: Subject):
    """Ninety requests at once, answered in any order by workers that exit now and then: everybody is served."""
    if subject.failed:
        raise Unchecked("not run, because checks before it fail", "Mend those first.")
    chance, names = random.Random(10), [chr(code) for code in range(33, 123)]
    for size in (1, 4):
        chances = [chance.randrange(1_000_000) for _ in range(300)]
        sizes = {name: 1 + number % 999 for name, number in zip(names, chances, strict=False)}
        outcomes = plays(subject, ["load", names, chances], ["over", *names], size=size, bytes_of=sizes)
        own(outcomes, names)


# -- what is played


def plays(subject: Subject, *steps, size=2, alone=True, help="", bytes_of=None):
    """Play a script, and raise Failure where a worker gets what it should not, or something never comes.

    alone     whether a worker must have one request at a time
    bytes_of  how many bytes the picture of each name has, where what is sent is looked at
    """
    steps = script(*steps)
    seen = subject.run_calm("playing", size=size, steps=steps).returns[0]
    busy: dict[int, list[str]] = {}
    for what, worker, name, *runs in seen["log"]:
        if what == "send":
            having = busy.setdefault(worker, [])
            told = f"Worker {worker} was sent picture {name} while it was still at work on picture {listed(having)}."
            expect(not having or not alone, told, help)
            having.append(name)
            if bytes_of:
                expect(name in bytes_of, f"Worker {worker} was sent a picture that nobody asked for.")
                wiped(name, runs[0], bytes_of[name])
        elif what == "answer":
            busy[worker].remove(name)
        else:
            busy[worker] = []
    if seen["stuck"]:
        raise Failure(missing(steps, seen), help)
    return seen["outcomes"]


def wiped(name, runs, length):
    """Check that a worker was sent this picture, and nothing else."""
    picture, *others = runs
    told = f"Picture {name}, of {length} bytes, was sent as {picture[1]} bytes of it."
    expect(picture == [ord(name), length], told)
    rest = listed(f"{count} bytes of picture {chr(byte)}" for byte, count in others)
    told = f"Picture {name}, of {length} bytes, was sent in a buffer in which {rest} were left."
    expect(not others, told, "A buffer that is used again has the last picture in it: wipe it before, or after.")


def own(outcomes, names, help="Workers are done in any order: the id of an answer says whose it is."):
    """Check that each of these callers got their own thumbnail."""
    for name in names:
        told = f"Somebody asked for picture {name}: {got(outcomes[name])}."
        expect(outcomes[name].get("value") == f"picture {name}, 100 wide", told, help)


def got(outcome):
    """What became of a call, as the end of a sentence."""
    return came(outcome, "the call", "is still pending")


def refused(outcome):
    """Whether a call failed, at once or later."""
    return "failed" in outcome or "raised" in outcome


def missing(steps, seen):
    """What did not come, and after what."""
    what, *names = steps[seen["stuck"]["step"]]
    before = [step for step in steps[: seen["stuck"]["step"]] if step[0] in ("answer", "exit")]
    after = f"After the worker with picture {before[-1][1]} had {ENDED[before[-1][0]]}, p" if before else "P"
    if what == "over":
        waiting = listed(name for name in names if "pending" in seen["outcomes"][name])
        return f"{after}icture {waiting} was never served: whoever asked for it still waits."
    if what == "answer" and any(entry[0] == "answer" and entry[2] == names[0] for entry in seen["log"]):
        return f"The worker with picture {names[0]} answered, and nobody who asked heard of it."
    if what == "load":
        return "A worker answered, and nobody who asked heard of it."
    return f"{after}icture {listed(names)} should be with a worker, and was not."


ENDED = {"answer": "answered", "exit": "exited"}
