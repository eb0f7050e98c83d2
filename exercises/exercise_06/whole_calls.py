"""What a pool must do, as several threads or workers see it: their calls fit an order of whole calls."""

from mtlearn.grading.checks import Failure, Ran, Subject, expect

STEPS = {"a": ["acquire"], "f": ["free", 0]}


def shared(subject: Subject, count, *plans, bound=2):
    """Explore workers that acquire (a), release what they acquired first, second, ... (r), or just buffer 0 (f)."""

    def judge(ran: Ran):
        threads = [[call for call in calls if call] for calls in ran.returns]
        calls = sum(threads, [])
        for call in calls:
            if "acquire" in call and call.get("raised"):
                raise Failure(f"acquire threw a {call['raised']}.", "When all are lent, it gives null.")
            expect(
                not call.get("dirty"),
                "A worker was lent a buffer in which other bytes stood.",
                "Zero it while it is nobody else's: after it counts as lent, or before it counts as free.",
            )
        blind = any(call.get("blind") for call in calls)  # then a buffer may be taken from the one who has it
        twice = None if blind else _held_by_two(threads)
        expect(
            twice is None,
            f"Two workers have buffer {twice} at the same time.",
            "Between the look at a word and the change of it, another worker did both: make it one step.",
        )
        expect(
            not any(call.get("lost") for call in calls),
            "What a worker had written into its buffer was gone a moment later.",
            "Somebody else has the same buffer, or zeroes it when it belongs to the next one already.",
        )
        if not _fit_an_order(calls, count):
            raise _impossible(calls, count)

    subject.explore("sharing", judge, bound, count=count, plans=[_plan(plan) for plan in plans])


def _plan(text):
    letters = text.split()
    released = (["release", number] for number in range(len(letters)))
    return [next(released) if letter == "r" else STEPS[letter] for letter in letters]


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


def _fit_an_order(calls, count, lent=frozenset()):
    """Whether there is an order, no call before one that had ended, in which a pool answers like that."""
    if not calls:
        return True
    first_end = min(call["end"] for call in calls)
    for call in calls:
        after = _after(call, count, lent) if call["start"] <= first_end else None
        if after is not None and _fit_an_order([each for each in calls if each is not call], count, after):
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
    """The sentence for calls that fit no order: the kind of call without which they would."""
    if _fit_an_order([call for call in calls if call.get("acquire", 0) is not None], count):
        return Failure(
            "acquire gave null, but at no moment of the call were all buffers lent.",
            "While you look at one word after the other, buffers come back behind you; and what another worker is only "
            "about to take is not lent yet. Look at all in one step, under a lock, or look again when one came back.",
        )
    for back in calls:
        others = [call for call in calls if call is not back]
        if "release" in back and not back.get("raised") and _fit_an_order(others, count):
            return Failure(
                f"Buffer {back['release']} was given back while it was not lent, and release accepted it.",
                "Between the look whether it is lent and the taking back, another worker did both: make it one step.",
            )
    return Failure(
        "What acquire and release answered fits no order of the calls.",
        "Each call must look and change in one step.",
    )


FAULTS = {
    "twice": "one was lent a buffer that another had",
    "lost": "one found other bytes in its buffer than it had written",
    "dirty": "a new buffer was not zeroed",
    "none": "acquire gave null, though there were always free ones",
}


def marks_stand(ran: Ran):
    for thread, mark in ran.memory["marks"].items():
        expect(
            mark == 1 + int(thread),
            f"Thread {'ABC'[int(thread)]} wrote {1 + int(thread)} into the buffer it was lent; it reads {mark} now.",
            "Two threads have the same buffer: between the look at what is free and the taking, the other did both.",
        )


def used_well(ran: Ran, count):
    faults = sum(filter(None, ran.returns), [])
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
