"""The checks of exercise 6, for both languages.

What one thread sees is compared with a model, step by step; what several see is explored.
"""

import random
import string
from dataclasses import dataclass, field

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}
EMPTY = {"python": "raise TimeoutError", "node": "give null"}


def test_loads(subject: Subject):
    """The file loads and has the class BufferPool."""
    subject.load()


def test_lends(subject: Subject):
    """Buffers are lent, have the size asked for, can be written, and can be given back."""
    _plays(subject, "acquire a", "acquire b", "write a", "write b", "acquire c", "write c", size=5,
           help="Buffer number n begins n · size bytes after the first, and ends where the next begins.")  # fmt: skip
    _plays(subject, "acquire a", "write a", "release a", "acquire b", "acquire c", "acquire d", "write c", "write b")


def test_bound(subject: Subject):
    """When all buffers are lent, there is none to be had; when one comes back, there is one."""
    _plays(subject, "acquire a", "acquire b", "acquire c", "acquire", "acquire", "release b", "acquire d", "acquire",
           help="The block has room for `count` buffers: look whether one is free before you lend it.")  # fmt: skip


def test_zeroed(subject: Subject):
    """A buffer that was used before is zeroed when it is lent again."""
    _plays(subject, "acquire a", "acquire b", "write a", "write b", "release a", "acquire c", "release b", "acquire d",
           help="The next one must not find what the last one left: somebody's password, say.")  # fmt: skip


def test_only_what_is_lent(subject: Subject):
    """To release what is not lent is an error, and changes nothing."""
    help = "A buffer goes back once, by the one who has it. First find out whether it is lent, then change something."
    _plays(subject, "acquire a", "release a", "release_again a", "acquire b", "acquire c", "acquire d", "acquire",
           help=help)  # fmt: skip
    _plays(subject, "acquire a", "acquire b", "release a", "release_again a", "acquire c", "release b", "acquire d",
           "release_again a", "write c", "acquire e", "acquire", help=help)  # fmt: skip
    odd = {
        "python": ("release_twin", "release_copy", "release_slice"),
        "node": tuple(f"release_index {index}" for index in ("null", "0.5", "3", "4", "-1", "undefined")),
    }
    for what in odd[subject.runtime]:
        which = " b" if subject.runtime == "python" else ""
        _plays(subject, "acquire a", "acquire b", f"{what}{which}", "acquire c", "acquire", "release b", "release a",
               help=ODD[subject.runtime])  # fmt: skip
    if subject.runtime == "python":  # equal bytes are not the same buffer
        _plays(subject, "acquire a", "acquire b", "release b", "acquire c", "write a", "write c", "release a",
               "release c", help=ODD["python"])  # fmt: skip


ODD = {
    "python": "Two memoryviews are equal (==) when their bytes are. Whether it is this very buffer, `is` tells.",
    "node": "Atomics and typed arrays make a number of everything: null becomes 0, and so does 0.5.",
}


@only("node")
def test_more_than_a_word_has_bits(subject: Subject):
    """Forty buffers are lent, all different; the forty-first is null."""
    many = [f"acquire {name}" for name in _names(40)]
    _plays(subject, *many, "acquire", "write a", "write nb", "release nb", "acquire x", count=40, size=1,
           help="A word has 32 bits, and 1 << 32 is 1 again.")  # fmt: skip


@only("node")
def test_pools_over_one_block(subject: Subject):
    """Pools over the same block, one for each worker, share what is lent."""
    _plays(subject, "acquire a", "write a", "another", "acquire b", "write b", "another", "acquire c", "acquire",
           "release a", "another", "acquire d", "acquire",
           help="What is lent must stand in the shared words, and a new pool must leave them as they are.")  # fmt: skip


@only("python")
def test_waits(subject: Subject):
    """acquire waits for a buffer up to its limit, then raises TimeoutError; with 0 it does not wait."""
    limits = [[0], [0.05]]
    for limit, came in zip((*limits, ["timeout_s=0"]), subject.run_calm("limited", timeouts=limits).returns[0],
                           strict=True):  # fmt: skip
        expect(
            came.get("timeout", False),
            f"All buffers are lent: acquire({limit[0]}) should raise TimeoutError; it {_came(came)}.",
            "queue.Empty and the like are other exceptions. With 0 it looks, and does not wait.",
        )

    def in_time(ran: Ran):
        came = ran.returns[1]
        expect(
            "raised" not in came,
            f"A buffer came back 0.05 s after acquire(0.1) had begun to wait; acquire {_came(came)}.",
            "Who gives a buffer back must wake who waits for one.",
        )

    def too_late(ran: Ran):
        came = ran.returns[1]
        expect(
            came.get("timeout", "raised" not in came),
            f"Another thread was quicker to take the buffer: acquire(0.1) should raise TimeoutError; it {_came(came)}.",
            "To be woken is no promise: look again whether there is a buffer, in a loop.",
        )
        expect(
            came["waited"] < 0.15,
            f"acquire(0.1) was woken after 0.09 s and found nothing; it gave up after {came['waited']:g} s in all.",
            "The limit is for all the waiting together: after each wake-up, only what is left of it may be waited.",
        )

    subject.explore("waiting", in_time, 0, holds_s=0.05, timeout_s=0.1, takes_it_back=False)
    subject.explore("waiting", too_late, 0, holds_s=0.09, timeout_s=0.1, takes_it_back=True)


@only("python")
def test_close(subject: Subject):
    """close() with buffers out is an error and changes nothing; after a good one, nothing is lent any more."""
    _plays(subject, "acquire a", "write a", "close", "acquire b", "release a", "close", "release b", "close", "close",
           "acquire",
           help="First look whether anything is out. Only then close, once; and whoever comes later is told.")  # fmt: skip


@only("python")
def test_in_one_block(subject: Subject):
    """All buffers lie in one block of shared memory, where another process can see them."""
    seen = subject.run_calm("sharing", size=40, text="written here", answer="answered there").returns[0]
    expect(
        seen["blocks"] == 1,
        f"BufferPool(2, 40) should open one SharedMemory; it has opened {seen['blocks']}.",
        "One block for all: SharedMemory(create=True, size=count * size).",
    )
    expect(
        seen["seen"] == "answered there",
        f"A process opened the block, and wrote over what it found there; the buffer reads {seen['seen']!r}.",
        "A buffer is a view of the block: block.buf[begin:end]. A copy is not shared.",
    )


@only("python")
def test_leaves_nothing(subject: Subject):
    """After close() nothing is left in shared memory, and a second close() does nothing."""
    count, size = 3, 100
    seen = subject.run_calm("leaving", count=count, size=size, lends=5).returns[0]
    expect(
        sum(seen["opened"]) >= count * size,
        f"BufferPool({count}, {size}) needs {count * size} bytes; its block has {sum(seen['opened'])}.",
    )
    expect(not seen["closed"], f"All buffers were back, and close() {_came(seen['closed'])}.", CLOSING)
    expect(
        not seen["left"],
        f"After close(), shared memory still holds what the pool made there ({_listed(seen['left'])}).",
        "close() lets go of the block, in this process alone. unlink() removes it.",
    )
    expect(
        not seen["still"],
        f"After close(), this process still has the block of {_listed(seen['still'])} bytes open: they are not free.",
        "unlink() takes away the name. The memory is free when everybody has called close().",
    )
    expect(not seen["again"], f"A second close() should do nothing; it {_came(seen['again'])}.")


CLOSING = "SharedMemory.close() refuses while there are views of it: release() those that you made."


def test_any_order(subject: Subject):
    """In any order of calls, it does what a pool should do."""
    chance = random.Random(6)
    for _ in range(4):
        steps = _random_steps(subject.runtime, chance, 60)
        wrong = _compare(subject, steps, 3, 4)
        if wrong is None:
            continue
        for step in list(steps):  # leave out what it goes wrong without
            fewer = [each for each in steps if each is not step]
            if shorter := _compare(subject, fewer, 3, 4):
                steps, wrong = fewer, shorter
        raise wrong


# -- several threads -----------------------------------------------------------


def test_one_buffer_one_holder(subject: Subject):
    """Several threads at once never have the same buffer, and nobody touches what another has."""
    if subject.runtime == "python":
        for count in (1, 2):
            subject.explore("keeping", lambda ran: _marks_stand(ran), 1, count=count, threads=count + 1)
        for few, bound in (({"count": 2, "threads": 2}, 2), ({"count": 1, "threads": 2, "times": 2}, 1)):
            subject.explore("using", lambda ran, few=few: _used_well(ran, few["count"]), bound, **few)
        real = {"count": 3, "threads": 4, "times": 200}
        ran = subject.run_calm("using", **real)
        _used_well(ran, real["count"])
    else:
        _shared(subject, 1, "a r a", "a r")
        _shared(subject, 2, "a a r", "a a", bound=1)
        workers, count = 4, 40
        ran = subject.run_calm("working", count=count, size=8, threads=workers, times=400)
        for name, told in FAULTS.items():
            faults = sum(each["faults"][name] for each in ran.returns)
            expect(
                faults == 0, f"{workers} workers shared {count} buffers, each with 9 at most: {faults} times {told}."
            )
    ids = {thread["id"] for thread in ran.threads}
    expect(len(ids) == len(ran.threads), f"Only {len(ids)} of {len(ran.threads)} threads really ran.")


FAULTS = {
    "twice": "one was lent a buffer that another had",
    "lost": "one found other bytes in its buffer than it had written",
    "dirty": "a new buffer was not zeroed",
    "none": "acquire gave null, though there were always free ones",
}


def _marks_stand(ran: Ran):
    for thread, mark in ran.memory["marks"].items():
        expect(
            mark == 1 + int(thread),
            f"Thread {'ABC'[int(thread)]} wrote {1 + int(thread)} into the buffer it was lent; it reads {mark} now.",
            "Two threads have the same buffer: between the look at what is free and the taking, the other did both.",
        )


def _used_well(ran: Ran, count):
    faults = sum(ran.returns, [])
    expect(
        "dirty" not in faults,
        "A thread was lent a buffer in which another's bytes stood.",
        "Zero it while it is nobody else's: before it counts as free, or after it counts as lent.",
    )
    expect(
        "lost" not in faults,
        "What a thread had written into its buffer was gone a moment later.",
        "Somebody else has the same buffer, or zeroes it too late: when it belongs to the next one already.",
    )
    expect(
        ran.memory["free"] == count,
        f"All threads gave back what they had; of {count} buffers, {ran.memory['free']} can be had.",
    )


@only("python")
def test_nobody_waits_for_ever(subject: Subject):
    """Whoever waits for a buffer gets one as soon as there is one."""
    subject.explore("feeding", lambda ran: _marks_stand(ran), 0, buffers=2)
    subject.explore("using", lambda ran: _used_well(ran, 1), count=1, threads=2)


def test_given_back_once(subject: Subject):
    """When two threads give back the same buffer, one of them is told that it is not lent."""
    if subject.runtime == "node":
        _shared(subject, 1, "a r", "f")
        return

    def judge(ran: Ran):
        accepted = sum("raised" not in came for came in ran.returns)
        expect(
            accepted == 1,
            f"Two threads gave back the same buffer: {accepted} of them were told that it is fine.",
            "Between the look whether it is lent and the taking back, the other thread did both.",
        )
        _fitting(subject, ran.returns)
        expect(
            ran.memory["free"] == 1,
            f"Two threads gave back the only buffer; after that, {ran.memory['free']} could be had at once.",
        )

    subject.explore("returning", judge)


@only("node")
def test_null_only_when_all_are_lent(subject: Subject):
    """acquire gives null only if all buffers were lent at some moment of the call."""
    _shared(subject, 2, "a r a", "a")
    _shared(subject, 2, "a r", "a", "a", bound=1)


@only("python")
def test_closing_beside_others(subject: Subject):
    """close() in one thread and acquire in another: one of them comes first, and nobody waits for ever."""

    def refused(ran: Ran, closed):
        if "raised" in closed:
            expect(
                ran.memory["free"] == 1,
                f"close() {_came(closed)} while another thread used the pool; after that, nothing can be lent.",
                "A close() that is refused changes nothing: look first, under the lock of acquire.",
            )

    def judge(ran: Ran):
        used, closed = ran.returns
        if "acquire" not in used:
            for call in ("used", "release"):
                told = {"used": "write into it", "release": "give it back"}[call]
                expect(
                    "raised" not in used[call],
                    f"One thread was lent a buffer while another closed the pool: to {told} {_came(used[call])}.",
                    "Look whether anything is out and close in one step, under the lock of acquire.",
                )
        refused(ran, closed)

    def twice(ran: Ran):
        for came in ran.returns:
            expect("raised" not in came, f"Two threads closed the pool: one close() {_came(came)}.",
                   "A second close() does nothing, also when it comes at the same time.")  # fmt: skip

    def woken(ran: Ran):
        expect("raised" not in ran.returns[0]["release"], f"release {_came(ran.returns[0]['release'])}.")
        refused(ran, ran.returns[0]["close"])

    subject.explore("closing", judge)
    subject.explore("closing_twice", twice)
    for waiters, bound in ((1, 2), (2, 0)):
        subject.explore("waking", woken, bound, waiters=waiters)


# -- what one thread sees: a model ---------------------------------------------


@dataclass
class Model:
    """What a pool must do: buffers have names, and are filled with one byte all over."""

    count: int
    numbers: dict[str, int] = field(default_factory=dict)  # of every buffer that was ever lent, by name
    lent: dict[str, int] = field(default_factory=dict)  # what it is filled with
    closed: bool = False

    def expected(self, what, name):
        """What a step must come to ("lent", "none", "fine", "error", "any error"); None where it makes no sense."""
        if what == "acquire":
            if self.closed:
                return "any error"
            if len(self.lent) == self.count:
                return "none"
            if name in self.numbers:
                return None
            self.numbers[name] = len(self.numbers)
            self.lent[name] = 0
            return "lent"
        if what == "close":
            self.closed = self.closed or not self.lent
            return "fine" if self.closed else "any error"
        if what in ("another", "release_index"):
            return {"another": "fine", "release_index": "error"}[what]
        if what == "release_again":
            return "error" if name in self.numbers and name not in self.lent else None
        if name not in self.lent:
            return None
        if what == "release":
            del self.lent[name]
            return "fine"
        if what == "write":
            self.lent[name] = 1 + self.numbers[name] % 250
            return "fine"
        return "error"  # a slice, a twin, a copy


def _plays(subject: Subject, *steps, count=3, size=4, help=""):
    """Play these steps, and raise Failure where the model does otherwise."""
    if wrong := _compare(subject, [step.partition(" ")[::2] for step in steps], count, size, help):
        raise wrong


def _compare(subject: Subject, steps, count, size, help=""):
    """The first difference between the pool and the model, as a Failure; None where there is none."""
    model, plan = Model(count), []
    for what, name in steps:
        expected = model.expected(what, name)
        if expected:
            plan.append((what, name, expected, dict(model.lent), dict(model.numbers)))
    concrete = [_concrete(what, name, numbers) for what, name, _, _, numbers in plan]
    seen = subject.run_calm("playing", count=count, size=size, steps=concrete).returns[0]
    story = []
    for (what, name, expected, lent, numbers), came in zip(plan, seen, strict=False):  # it stops where it cannot go on
        call = _call(subject, what, name, numbers)
        wrong = _difference(subject, expected, came, size) or _changed(lent, numbers, came["contents"], size)
        if wrong:
            before = f"After {', '.join(story)}: " if story else f"With BufferPool({count}, {size}): "
            return Failure(f"{before}{call} {wrong}", help)
        story.append(call)
    return None


def _concrete(what, name, numbers):
    if what == "release_index":
        return [what, {"null": None, "undefined": name}[name] if name in ("null", "undefined") else float(name)]
    if what in ("acquire", "close", "another"):
        return [what]
    return [what, numbers[name], *([1 + numbers[name] % 250] if what == "write" else [])]


def _difference(subject: Subject, expected, came, size):
    """What is wrong about how a call ended, or None."""
    if came.get("same"):
        return None
    error = expected in ("error", "any error")
    if "gave" in came or "odd" in came:
        if came.get("again") is not None:
            return "lent the same buffer again, while it is out."
        gave = came.get("gave", came.get("odd"))
        if expected == "none":
            return f"should {EMPTY[subject.runtime]}, as all buffers are lent; it gave {gave}."
        return f"gave {gave}, and no { {'python': 'memoryview', 'node': 'index'}[subject.runtime] }."
    if "again" in came:
        return "gave a number that is lent already."
    if expected == "none":
        if "none" in came or came.get("timeout"):
            return None
        return f"should {EMPTY[subject.runtime]}, as all buffers are lent; it {_came(came)}."
    if error:
        if "raised" not in came:
            return f"should be {ERROR[subject.runtime] if expected == 'error' else 'an error'}; it {_came(came)}."
        if expected == "error" and not came["fitting"]:
            return f"should be {ERROR[subject.runtime]}; it {_came(came)}."
        return None
    if "raised" in came or "none" in came:
        return f"should {'lend a buffer' if expected == 'lent' else 'be fine'}; it {_came(came)}."
    if expected == "lent":
        if subject.runtime == "node" and (came["view"] != "Uint8Array" or not came["shared"]):
            what = came["view"] if came["view"] != "Uint8Array" else "a Uint8Array that is not of the shared block"
            return f"gave {came['index']}, and bytes({came['index']}) {_raised_or_gave(what)}."
        if came.get("readonly"):
            return "gave a memoryview that cannot be written."
        if came["bytes"] != size:
            return f"gave a buffer of {came['bytes']} bytes, not {size}."
    return None


def _raised_or_gave(what):
    return f"threw {what}" if what.endswith("Error") else f"gave {what}"


def _changed(lent, numbers, contents, size):
    """Which of the lent buffers does not hold what it should, or None."""
    for name, byte in lent.items():
        found, wanted = contents.get(str(numbers[name]), "nothing"), [byte] * size
        if found != wanted:
            told = f"raises {found} when it is read" if isinstance(found, str) else f"reads {_listed(found)}"
            buffer = _names(len(numbers))[numbers[name]]
            return f"went well, but buffer {buffer} {told} then; it should read {_listed(wanted)}."
    return None


def _call(subject: Subject, what, name, numbers):
    """A step as the learner would write it."""
    zero = "0" if subject.runtime == "python" else ""
    known = name in numbers
    name = _names(len(numbers))[numbers[name]] if known else name  # in the order in which they were lent
    return {
        "acquire": f"{name} = acquire({zero})" if known else f"acquire({zero})",
        "write": f"writing into {name}",
        "release": f"release({name})",
        "release_again": f"release({name}) once more",
        "release_slice": f"release({name}[:])",
        "release_twin": f"release(memoryview(bytearray({name})))",
        "release_copy": f"release(bytes({name}))",
        "release_index": f"release({name})",
        "another": "a new pool over the same block",
        "close": "close()",
    }[what]


def _random_steps(runtime, chance, length):
    """Steps that are mostly sensible. Which of them can be done, the model says."""
    whats = {
        "python": ("release_again", "release_slice", "release_twin", "close"),
        "node": ("release_again", "another", "release_index"),
    }[runtime]
    names, steps = _names(length), []
    for _ in range(length):
        what = chance.choices(("acquire", "write", "release", "odd"), (4, 2, 3, 1))[0]
        if what == "acquire":
            steps.append((what, names[sum(each == "acquire" for each, _ in steps)]))
            continue
        what = chance.choice(whats) if what == "odd" else what
        some = [name for each, name in steps if each == "acquire"][-6:]
        if what == "release_index":
            steps.append((what, chance.choice(("null", "-1", "3", "0.5"))))
        elif what in ("close", "another"):
            # a close that succeeds is the end of a pool: only where it must be refused
            if what == "another" or some:
                steps.append((what, ""))
        elif some:
            steps.append((what, chance.choice(some)))
    return steps


# -- what several workers see: an order of whole calls -------------------------


def _shared(subject: Subject, count, *plans, bound=2):
    """Explore workers that acquire (a), release what they acquired first, second, ... (r), or just 0 (f)."""

    def judge(ran: Ran):
        calls = [call for each in ran.returns for call in each if call]
        for call in calls:
            if "acquire" in call and call.get("raised"):
                raise Failure(f"acquire threw a {call['raised']}.", "When all are lent, it gives null.")
            expect(not call.get("dirty"), "A worker was lent a buffer in which other bytes stood.",
                   "Zero it while it is nobody else's: after it counts as lent, or before it counts as free.")  # fmt: skip
        blind = any(call.get("blind") for call in calls)  # then a buffer may be taken from the one who has it
        twice = None if blind else _held_by_two([[call for call in each if call] for each in ran.returns])
        expect(twice is None, f"Two workers have buffer {twice} at the same time.",
               "Between the look at a word and the change of it, another worker did both: make it one step.")  # fmt: skip
        for call in calls:
            expect(not call.get("lost"), "What a worker had written into its buffer was gone a moment later.",
                   "Somebody else has the same buffer, or zeroes it when it belongs to the next one already.")  # fmt: skip
        if not _in_some_order(calls, count):
            raise _impossible(calls, count)

    subject.explore("sharing", judge, bound, count=count, plans=[_plan(plan) for plan in plans])


def _plan(text):
    steps, released = [], 0
    for letter in text.split():
        if letter == "r":
            steps.append(["release", released])
            released += 1
        else:
            steps.append({"a": ["acquire"], "f": ["free", 0]}[letter])
    return steps


def _held_by_two(threads):
    """A buffer that two threads had at the same time, or None."""
    held = []
    for calls in threads:
        for call in calls:
            if call.get("acquire") is not None:
                back = (each["start"] for each in calls if each.get("release") == call["acquire"])
                until = next((start for start in back if start > call["end"]), float("inf"))
                held.append((call["acquire"], call["end"], until))
    for number, (index, start, end) in enumerate(held):
        for other, begin, until in held[:number]:
            if index == other and start < until and begin < end:
                return index
    return None


def _in_some_order(calls, count, lent=frozenset()):
    """Whether the calls can be put in an order, none before one that had ended, in which a pool answers like that."""
    if not calls:
        return True
    first_end = min(call["end"] for call in calls)
    for call in calls:
        if call["start"] > first_end:
            continue
        after = _after(call, count, lent)
        if after is not None and _in_some_order([each for each in calls if each is not call], count, after):
            return True
    return False


def _after(call, count, lent):
    """What is lent after a call that was answered like that; None where a pool does not answer like that."""
    if "acquire" in call:
        index = call["acquire"]
        if index is None:
            return lent if len(lent) == count else None
        return lent | {index} if index in range(count) and index not in lent else None
    index = call["release"]
    if call.get("raised"):
        return lent if index not in lent else None
    return lent - {index} if index in lent else None


def _impossible(calls, count):
    """The sentence for calls that no order explains."""
    if _in_some_order([call for call in calls if call.get("acquire", 0) is not None], count):
        return Failure(
            "acquire gave null, but at no moment of the call were all buffers lent.",
            "While you look at one word after the other, buffers come back behind you; and what another worker is only "
            "about to take is not lent yet. Look at all in one step, under a lock, or look again when something changed.",
        )
    for back in calls:
        others = [call for call in calls if call is not back]
        if "release" in back and not back.get("raised") and _in_some_order(others, count):
            return Failure(
                f"Buffer {back['release']} was given back while it was not lent, and release accepted it.",
                "Between the look whether it is lent and the taking back, another worker did both: make it one step.",
            )
    return Failure(
        "What acquire and release answered fits no order of the calls.",
        "Each call must look and change in one step.",
    )


# -- helpers ------------------------------------------------------------------


def _came(came):
    if "raised" in came:
        verb = "raised" if "timeout" in came else "threw"
        return f"{verb} {came['raised']}" + (f" ({came['message']})" if came["message"] else "")
    if "none" in came:
        return "gave null"
    return "lent a buffer" if "lent" in came or "waited" in came else "was accepted"


def _fitting(subject: Subject, cames):
    for came in cames:
        expect(
            came.get("fitting", True),
            f"To release what is not lent should be {ERROR[subject.runtime]}; it {_came(came)}.",
        )


def _names(count):
    letters = string.ascii_lowercase
    return [(letters[i // 26 - 1] if i >= 26 else "") + letters[i % 26] for i in range(count)]


def _listed(values):
    return ", ".join(map(str, values))
