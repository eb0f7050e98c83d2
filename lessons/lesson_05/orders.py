"""Every order in which two threads can take their steps: how many there are, and how many of them differ.

    PYTHONPATH=lessons python lessons/lesson_05/orders.py

A thread is a generator here: each `yield` says what its next step does, and may hand over to the other thread. So one
thread of the interpreter can run them in every order, one after the other, and leave nothing to luck.
"""

import sys
import threading

from reporter import now, row, span

FEW = 2  # preemptions: how often a thread is stopped although it could go on


# region one addition, step by step
def plain(memory, me):
    yield "read", "x"
    seen = memory["x"]
    yield "write", "x"  # <-
    memory["x"] = seen + 1


def locked(memory, me):
    yield "read", me  # something of its own
    yield "take", "lock"
    memory["lock"] = me
    yield from plain(memory, me)
    yield "free", "lock"
    memory["lock"] = None


# endregion
def apart(memory, me):
    """Each has a word of its own."""
    yield "read", me
    seen = memory[me]
    yield "write", me
    memory[me] = seen + 1


WAYS = {"a word each": apart, "one word": plain, "one word, locked": locked}


def rounds_of(add, memory, me, rounds):
    for _ in range(rounds):
        yield from add(memory, me)


def run(add, rounds, plan):
    """One order: it begins as planned, and then goes on with whoever went on last.

    Returns the steps, as (thread, what, word), those who could have gone on at each of them, and the memory.
    """
    memory = {"x": 0, 0: 0, 1: 0, "lock": None}
    threads = [rounds_of(add, memory, me, rounds) for me in (0, 1)]
    ahead = [next(thread) for thread in threads]
    steps, choices, last = [], [], None
    while any(ahead):
        able = [me for me in (0, 1) if ahead[me] and not (ahead[me][0] == "take" and memory["lock"] is not None)]
        me = plan[len(steps)] if len(steps) < len(plan) else last if last in able else able[0]
        steps.append((me, *ahead[me]))
        choices.append(able)
        ahead[me] = next(threads[me], None)
        last = me
    return steps, choices, memory


def every_order(add, rounds):
    """All of them, depth first: at each step where another could have gone on, it does so in a later run."""
    plans = [()]
    while plans:
        plan = plans.pop()
        steps, choices, memory = run(add, rounds, plan)
        yield steps, choices, memory
        taken = [step[0] for step in steps]
        for at in range(len(plan), len(steps)):
            plans += [(*taken[:at], other) for other in choices[at] if other != taken[at]]


def preemptions(steps, choices):
    return sum(steps[at][0] != steps[at - 1][0] in choices[at] for at in range(1, len(steps)))


def what_came_before(steps):
    """Of each step, which steps of the other it came after. Where this is the same, nobody sees a difference.

    Two steps of different threads can change places unless they use the same word and one of them changes it.
    """
    past = {0: (0, 0), 1: (0, 0)}  # of each thread: how many steps of both
    users = []  # (word, thread, changes it, past)
    told = {0: [], 1: []}
    for me, what, word in steps:
        changes = what != "read"
        clock = list(past[me])
        clock[me] += 1
        for used, who, changed, theirs in users:
            if used == word and who != me and (changes or changed):
                clock = [max(pair) for pair in zip(clock, theirs, strict=True)]
        past[me] = tuple(clock)
        users.append((word, me, changes, past[me]))
        told[me].append(past[me])
    return tuple(told[0]), tuple(told[1])


def count(variant, rounds):
    start = now()
    orders = few = wrong = 0
    ends = {}  # of each class of orders: how they end
    for steps, choices, memory in every_order(WAYS[variant], rounds):
        end = memory["x"] + memory[0] + memory[1]
        orders += 1
        few += preemptions(steps, choices) <= FEW
        wrong += end != 2 * rounds
        ends.setdefault(what_came_before(steps), set()).add(end)
    thread = threading.get_native_id()
    span(f"{variant}, {rounds}", thread, start, now())
    row(variant=f"{variant}, {rounds} each", rounds=rounds, orders=orders, few=few, classes=len(ends), wrong=wrong,
        mixed=sum(len(each) > 1 for each in ends.values()), threads=[thread],
        took_ns=round((now() - start) * 1000))  # fmt: skip


def main():
    for variant in WAYS:
        for rounds in (2, 3):
            count(variant, rounds)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
