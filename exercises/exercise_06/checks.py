"""The checks of exercise 6, for both languages.

What one thread sees is compared with a model, step by step; what several see is explored.
"""

import random

from pool_model import ERROR, came_to, difference, letters, listed, plays, random_steps
from whole_calls import shared

from mtlearn.grading.checks import Ran, Subject, expect, only


def test_loads(subject: Subject):
    """The file loads and has the class BufferPool."""
    subject.load()


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
    for steps in (
        "acquire a, release a, release_again a, acquire b, acquire c, acquire d, acquire",
        "acquire a, acquire b, release a, release_again a, acquire c, release b, acquire d, release_again a, write c, "
        "acquire e, acquire",
    ):
        plays(subject, steps, help=help)
    for what in NOT_LENT[subject.runtime]:
        steps = f"acquire a, acquire b, {what}, acquire c, acquire, release b, release a"
        plays(subject, steps, help=WHICH[subject.runtime])
    # all zeroed, and so equal: which of them is it?
    plays(subject, "acquire a, acquire b, release b, acquire c, write a, write c, release a, release c",
          help=WHICH[subject.runtime])  # fmt: skip


NOT_LENT = {
    "python": ("release_twin b", "release_copy b", "release_slice b"),
    "node": tuple(f"release_index {index}" for index in ("null", "0.5", "3", "4", "-1", "undefined")),
}
WHICH = {
    "python": "Two memoryviews are equal (==) when their bytes are. Whether it is this very buffer, `is` tells.",
    "node": "Atomics and typed arrays make a number of everything: null becomes 0, and so does 0.5.",
}


@only("node")
def test_more_than_a_word_has_bits(subject: Subject):
    """Forty buffers are lent, all different; the forty-first is null."""
    steps = [f"acquire {letters(number)}" for number in range(40)]
    steps += ["acquire", "write a", "write ag", "release ag", "acquire x"]
    plays(subject, ", ".join(steps), count=40, size=1, help="A word has 32 bits, and 1 << 32 is 1 again.")


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
    """acquire waits for a buffer up to its limit, then raises TimeoutError; with 0 it does not wait."""
    limits = (0, 0.05)
    ran = subject.run_calm("limited", limits=limits)
    for limit, came in zip((*limits, "timeout_s=0"), ran.returns[0], strict=True):
        expect(
            came.get("timeout", False),
            f"All buffers are lent: acquire({limit}) should raise TimeoutError; it {came_to(came)}.",
            "queue.Empty and the like are other exceptions. With 0 it looks, and does not wait.",
        )

    def in_time(ran: Ran):
        came = ran.returns[1]
        expect(
            "lent" in came,
            f"A buffer came back 0.05 s after acquire(0.1) had begun to wait; acquire {came_to(came)}.",
            "Who gives a buffer back must wake who waits for one.",
        )

    def too_late(ran: Ran):
        came = ran.returns[1]
        expect(
            came.get("timeout") or "lent" in came,
            f"Another thread took the buffer first: acquire(0.1) should raise TimeoutError; it {came_to(came)}.",
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
    steps = "acquire a, write a, close, acquire b, release a, close, release b, close, close, acquire"
    plays(subject, steps, help="First look whether anything is out. Only then close; and whoever comes later is told.")


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
    expect(not seen["closed"], f"All buffers were back, and close() {came_to(seen['closed'])}.", CLOSING)
    expect(
        not seen["left"],
        f"After close(), shared memory still holds what the pool made there ({listed(seen['left'])}).",
        "close() lets go of the block, in this process alone. unlink() removes it.",
    )
    expect(
        not seen["still"],
        f"After close(), this process still has the block of {listed(seen['still'])} bytes open: they are not free.",
        "unlink() takes away the name. The memory is free when everybody has called close().",
    )
    expect(not seen["again"], f"A second close() should do nothing; it {came_to(seen['again'])}.")


CLOSING = "SharedMemory.close() refuses while there are views of it: release() those that you made."


def test_any_order(subject: Subject):
    """In any order of calls, it does what a pool should do."""
    chance = random.Random(6)
    for _ in range(4):
        steps = random_steps(subject.runtime, chance, 60)
        wrong = difference(subject, steps, 3, 4)
        if wrong is None:
            continue
        for step in list(steps):  # leave out what it goes wrong without
            fewer = [each for each in steps if each is not step]
            if shorter := difference(subject, fewer, 3, 4):
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
        shared(subject, 1, "a r a", "a r")
        shared(subject, 2, "a a r", "a a", bound=1)
        workers, count = 4, 40
        ran = subject.run_calm("working", count=count, size=8, threads=workers, times=400)
        for name, told in FAULTS.items():
            faults = sum(each["faults"][name] for each in ran.returns)
            expect(faults == 0, f"{workers} workers, each with 9 buffers of {count} at most: {faults} times {told}.")
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
        shared(subject, 1, "a r", "f")
        return

    def judge(ran: Ran):
        accepted = sum("raised" not in came for came in ran.returns)
        expect(
            accepted == 1,
            f"Two threads gave back the same buffer: {accepted} of them were told that it is fine.",
            "Between the look whether it is lent and the taking back, the other thread did both.",
        )
        for came in ran.returns:
            expect(came.get("fitting", True), f"That should be {ERROR['python']}; release {came_to(came)}.")
        expect(
            ran.memory["free"] == 1,
            f"Two threads gave back the only buffer; after that, {ran.memory['free']} could be had at once.",
        )

    subject.explore("returning", judge)


@only("node")
def test_null_only_when_all_are_lent(subject: Subject):
    """acquire gives null only if all buffers were lent at some moment of the call."""
    shared(subject, 2, "a r a", "a")


@only("python")
def test_closing_beside_others(subject: Subject):
    """close() in one thread and acquire in another: one of them comes first, and nobody waits for ever."""

    def refused(ran: Ran, closed):
        if "raised" in closed:
            expect(
                ran.memory["free"] == 1,
                f"close() {came_to(closed)} while another thread used the pool; after that, nothing can be lent.",
                "A close() that is refused changes nothing: look first, under the lock of acquire.",
            )

    def judge(ran: Ran):
        used, closed = ran.returns
        if "acquire" not in used:
            for call in ("used", "release"):
                told = {"used": "write into it", "release": "give it back"}[call]
                expect(
                    "raised" not in used[call],
                    f"One thread was lent a buffer while another closed the pool: to {told} {came_to(used[call])}.",
                    "Look whether anything is out and close in one step, under the lock of acquire.",
                )
        refused(ran, closed)

    def twice(ran: Ran):
        for came in ran.returns:
            expect(
                "raised" not in came,
                f"Two threads closed the pool: one close() {came_to(came)}.",
                "A second close() does nothing, also when it comes at the same time.",
            )

    def woken(ran: Ran):
        expect("raised" not in ran.returns[0]["release"], f"release {came_to(ran.returns[0]['release'])}.")
        refused(ran, ran.returns[0]["close"])

    subject.explore("closing", judge)
    subject.explore("closing_twice", twice)
    subject.explore("waking", woken, 2, waiters=1)
    subject.explore("waking", woken, 0, waiters=2)
