"""The scenes of `mtlearn play`: little programs that work, until somebody chooses who goes next."""

from mtlearn.course.scene import Scene


def _lost(memory, returns):
    counted = memory["visitors"][0]
    return None if counted == 2 else f"Two visitors came in, and the counter says {counted}."


def _lent(memory, returns):
    return None if returns[0] != returns[1] else f"Both threads were given buffer {returns[0]}."


SCENES = (
    Scene(
        name="lost-update",
        task=5,
        about="Two threads add one each to the same counter.",
        goal="Lose an update: two visitors come in, and the counter says 1.",
        hint="What does a thread write that has read the counter before the other one wrote it?",
        wrong=_lost,
    ),
    Scene(
        name="two-locks",
        task=5,
        about="Two threads take the same two locks, each in its own order.",
        goal="Bring about a deadlock: each thread holds one lock and waits for the other.",
        hint="Let each of them take its first lock before any of them takes its second.",
    ),
    Scene(
        name="lost-wakeup",
        task=5,
        about="One thread looks, then goes to sleep; the other wakes whoever sleeps.",
        goal="Wake nobody: the cook rings, and the guest sleeps on for ever.",
        hint="Between the guest's look and the guest's sleep there is time enough to ring. Who hears it?",
    ),
    Scene(
        name="lent-twice",
        task=6,
        about="Two threads borrow from a pool: look for a free buffer, then mark it.",
        goal="Lend one buffer twice: both threads go away with the same number.",
        hint="A buffer is free until it is marked. Who else may look at it in between?",
        wrong=_lent,
    ),
    Scene(
        name="missing-sentinel",
        task=8,
        about="Workers are counted, and take jobs from a queue; to close it, each gets a None.",
        goal="Put one None too few: a worker waits for ever in a pool that is closed.",
        hint="`close` puts as many None as workers were counted. How do two workers come to be counted as one?",
        runtimes=("python",),
    ),
)
