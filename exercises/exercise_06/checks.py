"""The checks of exercise 6, for both languages.

What one thread sees is compared with a model, step by step; what several see is explored.
"""

import random

from pool_model import ERROR, came_to, letters, plays, random_steps
from whole_calls import FAULTS, marks_stand, shared, used_well

from mtlearn.grading.checks import Ran, Subject, expect, only
from mtlearn.grading.stateful.script import listed, shortest


def test_lends(subject: Subject):
    """Buffers are lent, have the size asked for, can be written, and can be given back."""
    help = "Buffer number n begins n · size bytes after the first, and ends where the next begins."
    plays(subject, "acquire a, acquire b, write a, write b, acquire c, write c", size=5, help=help)
    plays(subject, "acquire a, write a, release a, acquire b, acquire c, acquire d, write c, write b", help=help)


def test_bound(subject: Subject):
    """When all buffers are lent, there is none to be had; when one comes back, there is one."""
    help = "The block has room for `count` buffers: look whether one is free before you lend it."
    plays(subject, "acquire a, acquire b, acquire c, acquire, acquire, release b, acquire d, acquire", help=help)


def test_zeroed(subject: Subject):
    """A buffer that was used before is zeroed when it is lent again."""
    help = "The next one must not find what the last one left: somebody's password, say."
    plays(subject, "acquire a, acquire b, write a, write b, release a, acquire c, release b, acquire d", help=help)


def test_only_what_is_lent(subject: Subject):
    """To release what is not lent is an error, and changes nothing."""
    help = "A buffer goes back once, by the one who has it. First find out whether it is lent, then change something."
    plays(subject, "acquire a, release a, release_again a, acquire b, acquire c, acquire d, acquire", help=help)
    twice = "release_again a, acquire c, release b, acquire d, release_again a, write c, acquire e, acquire"
    plays(subject, f"acquire a, acquire b, release a, {twice}", help=help)
    what, help = {
        "python": (("release_twin b", "release_copy b", "release_slice b"), "Two memoryviews are equal (==) when their "
                   "bytes are. Whether it is this very buffer, `is` tells."),
        "node": (tuple(f"release_index {index}" for index in ("null", "0.5", "3", "4", "-1", "undefined")),
                 "Atomics and typed arrays make a number of everything: null becomes 0, and so does 0.5."),
    }[subject.runtime]  # fmt: skip
    for release in what:
        plays(subject, f"acquire a, acquire b, {release}, acquire c, acquire, release b, release a", help=help)
    # all zeroed, and so equal: which of them is it?
    plays(subject, "acquire a, acquire b, release b, acquire c, write a, write c, release a, release c", help=help)


@only("node")
def test_more_than_a_word_has_bits(subject: Subject):
    """Forty buffers are lent, all different; the forty-first is null."""
    all_of_them = ", ".join(f"acquire {letters(number)}" for number in range(40))
    help = "A word has 32 bits, and 1 << 32 is 1 again."
    plays(subject, f"{all_of_them}, acquire, write a, write ag, release ag, acquire again", count=40, size=1, help=help)


@only("node")
def test_pools_over_one_block(subject: Subject):
    """Pools over the same block, one for each worker, share what is lent."""
    steps = (
        "acquire a, write a, another, acquire b, write b, another, acquire c, acquire, release a, another, acquire d"
    )
    help = "What is lent must stand in the shared words, and a new pool must leave them as they are."
    plays(subject, f"{steps}, acquire", help=help)


@only("python")
def test_waits(subject: Subject):
    """acquire waits for a buffer up to its limit, and not less, then raises TimeoutError; with 0 it does not wait."""
    limits = (0, 0.05, 0)  # the last is named
    ended, last = subject.run_calm("limited", limits=limits).returns[0]
    for limit, came in zip(limits, ended, strict=True):
        told = f"All buffers are lent: acquire({limit}) should raise TimeoutError; it {came_to(came)}."
        expect(
            came.get("timeout", False), told, "queue.Empty and the like are others. With 0 it looks, and does not wait."
        )
        _not_too_early(came, limit)
    told = f"Others had waited for a buffer in vain. Then it came back, and acquire(0) {came_to(last)}."
    expect("lent" in last, told, "Whoever gives up no longer waits: nothing may be handed to them.")
    for holds_s, limit, again_s in ((0.05, 0.1, 0), (0.03, 0.1, 0.03), (0.05, None, 0.05), (0.09, 0.1, None)):
        call = f"acquire({'' if limit is None else limit})"
        told = f"{call} was woken after {holds_s} s and found nothing, as another thread was quicker"

        def judge(ran: Ran, limit=limit, again_s=again_s, call=call, told=told):
            came = ran.returns[1]
            _not_too_early(came, limit)
            expect(
                "lent" in came or (came.get("timeout") and again_s is None),
                f"{told}; it {came_to(came)}."
                if again_s != 0
                else f"A buffer came back 0.05 s after {call} had begun to wait; it {came_to(came)}.",
                "Whoever gives a buffer back must wake those who wait. Being woken promises nothing: look again.",
            )
            expect(
                again_s is not None or came["waited"] < 0.15,
                f"{told}; it gave up after {came['waited']:g} s in all.",
                "The limit is for all the waiting together: after each wake-up, only what is left of it may be waited.",
            )

        steals = again_s != 0
        subject.explore("waiting", judge, 0, holds_s=holds_s, timeout_s=limit, steals=steals, again_s=again_s)


def _not_too_early(came, limit):
    expect(
        not came.get("timeout") or (limit is not None and came["waited"] > limit - 0.002),
        f"acquire({'' if limit is None else limit}) raised TimeoutError after {came['waited']:.3f} s.",
        "With None, wait as long as it takes. With a limit, a wake-up that finds nothing is no reason to give up.",
    )


@only("python")
def test_close(subject: Subject):
    """close() with buffers out is an error and changes nothing; after a good one, nothing is lent any more."""
    steps = "acquire a, write a, close, acquire b, release a, close, release b, close, close, acquire, release_again a"
    plays(subject, steps, help="First look whether anything is out. Only then close; and whoever comes later is told.")


@only("python")
def test_in_one_block(subject: Subject):
    """All buffers lie in one block of shared memory, where another process can see them."""
    seen = subject.run_calm("sharing", size=40, text="written here", answer="answered there").returns[0]
    told = f"BufferPool(2, 40) should open one SharedMemory; it has opened {seen['blocks']}."
    expect(seen["blocks"] == 1, told, "One block for all: SharedMemory(create=True, size=count * size).")
    told = f"A process opened the block, and wrote over what it found there; the buffer reads {seen['seen']!r}."
    expect(seen["seen"] == "answered there", told, "A buffer is a view of the block: block.buf[begin:end].")


@only("python")
def test_leaves_nothing(subject: Subject):
    """After close() nothing is left in shared memory, and a second close() does nothing."""
    count, size = 3, 100
    seen = subject.run_calm("leaving", count=count, size=size, lends=5).returns[0]
    told = f"BufferPool({count}, {size}) needs {count * size} bytes; its block has {sum(seen['opened'])}."
    expect(sum(seen["opened"]) >= count * size, told)
    expect(not seen["closed"], f"All buffers were back, and close() {came_to(seen['closed'])}.", CLOSING)
    expect(
        not seen["left"],
        f"After close(), shared memory still holds what the pool made there ({listed(seen['left'])}).",
        "close() lets go of the block, in this process alone. unlink() removes it.",
    )
    expect(
        not seen["here"],
        "After close(), this process still has the block of memory mapped, or open: it is not free.",
        "unlink() takes away the name; close() lets go of the memory, and raises BufferError while there are views.",
    )
    expect(not seen["again"], f"A second close() should do nothing; it {came_to(seen['again'])}.")


CLOSING = "SharedMemory.close() refuses while there are views of it: release() those that you made."


def test_any_order(subject: Subject):
    """In any order of calls, it does what a pool should do."""
    chance = random.Random(6)
    for _ in range(4):
        shortest(lambda steps: plays(subject, *steps), random_steps(subject.runtime, chance, 60))


# -- several threads -----------------------------------------------------------


def test_one_buffer_one_holder(subject: Subject):
    """Several threads at once never have the same buffer, and nobody touches what another has."""
    if subject.runtime == "python":
        for count in (1, 2):
            subject.explore("keeping", lambda ran: marks_stand(ran), 1, count=count, threads=count + 1)
        for few, bound in (({"count": 2, "threads": 2}, 2), ({"count": 1, "threads": 2, "times": 2}, 1)):
            subject.explore("using", lambda ran, few=few: used_well(ran, few["count"]), bound, **few)
        real = {"count": 3, "threads": 4, "times": 200}
        ran = subject.run_calm("using", **real)
        used_well(ran, real["count"])
    else:
        shared(subject, 1, "a r a", "a r")
        shared(subject, 2, "a a r", "a a", bound=1)
        workers, count = 4, 40
        ran = subject.run_calm("working", count=count, size=8, threads=workers, times=400)
        for name, told in FAULTS.items():
            faults = sum(each["faults"][name] for each in ran.returns)
            expect(faults == 0, f"{workers} workers, each with 9 buffers of {count} at most: {faults} times {told}.")
    expect(len({thread.id for thread in ran.threads}) == len(ran.threads), "Not all of the threads really ran.")


@only("python")
def test_nobody_waits_for_ever(subject: Subject):
    """Whoever waits for a buffer gets one as soon as there is one."""
    subject.explore("feeding", lambda ran: marks_stand(ran), 0, buffers=2)
    subject.explore("using", lambda ran: used_well(ran, 1), count=1, threads=2)
    subject.explore("expiring", lambda ran: used_well(ran, 1), 1, 300, holds_s=0.05)


def test_given_back_once(subject: Subject):
    """When two threads give back the same buffer, one of them is told that it is not lent."""
    if subject.runtime == "node":
        shared(subject, 1, "a r", "f")
        return

    def judge(ran: Ran):
        accepted = sum("raised" not in came for came in ran.returns)
        told = f"Two threads gave back the same buffer: {accepted} of them were told that it is fine."
        expect(accepted == 1, told, "Between the look whether it is lent and the taking back, the other did both.")
        for came in ran.returns:
            expect(came.get("fitting", True), f"That should be {ERROR['python']}; release {came_to(came)}.")
        free = ran.memory["free"]
        expect(free == 1, f"Two threads gave back the only buffer; after that, {free} could be had at once.")

    subject.explore("returning", judge)


@only("node")
def test_null_only_when_all_are_lent(subject: Subject):
    """acquire gives null only if all buffers were lent at some moment of the call."""
    for moves in ("a r a", "a r a r a"):  # there, and back, wherever the other begins to look
        shared(subject, 2, moves, "a")


@only("python")
def test_closing_beside_others(subject: Subject):
    """close() in one thread and acquire in another: one of them comes first, and nobody waits for ever."""
    together = "Look whether anything is out and close in one step, under the lock of acquire."

    def refused(ran: Ran, closed):
        told = f"close() {came_to(closed)} while another thread used the pool; after that, nothing can be lent."
        expect(
            "raised" not in closed or ran.memory["free"] == 1, told, f"One that is refused changes nothing. {together}"
        )

    def judge(ran: Ran):
        used, closed = ran.returns
        for call, told in (("used", "write into it"), ("release", "give it back")):
            raised = used.get(call, {})
            told = f"One thread was lent a buffer while another closed the pool: to {told} {came_to(raised)}."
            expect("raised" not in raised, told, together)
        refused(ran, closed)

    def twice(ran: Ran):
        for came in ran.returns:
            told = f"Two threads closed the pool: one close() {came_to(came)}."
            expect("raised" not in came, told, "A second close() does nothing, also when it comes at the same time.")

    def woken(ran: Ran):
        expect("raised" not in ran.returns[0]["release"], f"release {came_to(ran.returns[0]['release'])}.")
        refused(ran, ran.returns[0]["close"])

    subject.explore("closing", judge)
    subject.explore("closing_twice", twice)
    subject.explore("waking", woken, 2, waiters=1)
    subject.explore("waking", woken, 0, waiters=3)
