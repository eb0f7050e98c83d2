"""The scenes of `mtlearn play`: little programs that work, until somebody chooses who goes next."""

from mtlearn.course.scene import Scene


def _lost(memory, returns):
    counted = memory["visitors"][0]
    return None if counted == 2 else f"Two visitors came in, and the counter says {counted}."


def _lent(memory, returns):
    return None if returns[0] != returns[1] else f"Both threads were given buffer {returns[0]}."


def _stampede(memory, returns):
    fetched = memory["fetches"][0]
    return None if fetched == 1 else f"The token was fetched {fetched} times."


def _leaked(memory, returns):
    return "Nobody is at the server, and its only place is taken, for good." if memory["taken"][0] else None


def _torn(memory, returns):
    seen = returns[1]
    return None if seen in (959, 1000) else f"It was never {seen // 100}:{seen % 100:02}."


def _overdrawn(memory, returns):
    balance = memory["balance"][0]
    return None if balance >= 0 else f"Both got their 80, and the balance is {balance}."


def _unread(memory, returns):
    return "A letter was posted, and nobody will read it." if memory["posted"][0] > memory["read"][0] else None


def _pages(memory, returns):
    pages = memory["pages"][0]
    return None if pages == 2 else f"Two pages were printed, and the printer has counted {pages}."


def _early(memory, returns):
    return "The worker was done, and its result was not there." if returns[1] == 0 else None


def _mixed_up(memory, returns):
    seen = returns[1]
    return None if seen in (None, [4, 3], [16, 9]) else f"There was no picture of {seen[0]} × {seen[1]}."


def _late(memory, returns):
    left = memory["workers"][0]
    return f"The server has stopped, and {left} of its workers lives on." if left else None


def _paid(memory, returns):
    paid = memory["paid"][0]
    return f"{paid:,} were paid, and the door lets 100 through." if paid > 100 else None


def _told(memory, returns):
    one, two, three, four = memory["log"]
    together = {one: two, three: four}
    right = together in ({"Ada:": "refused", "Bob:": "let in"}, {1: 10, 2: 20})
    return None if right else f"Read by lines, the log says: {one} {two}, {three} {four}."


SCENES = (
    Scene(
        name="token-stampede",
        task=1,
        about="Two requests on one thread, one of them a little later, fetch a token if there is none.",
        goal="Fetch it twice, although there is only one thread.",
        hint="A request that awaits its answer has looked already. What does the other one find if it looks now?",
        wrong=_stampede,
    ),
    Scene(
        name="leaked-slot",
        task=1,
        about="A request takes the only place at a server, and whoever asked for it gives up at some time.",
        goal="Lose the place for good: nobody is there, and nobody can get in.",
        hint="The place is given back in `finally`. From which line on does that hold, and who may cancel before it?",
        wrong=_leaked,
    ),
    Scene(
        name="early-flag",
        task=2,
        about="A worker says when it is done, and somebody looks whether it is.",
        goal="Take a result that is not there yet, of a worker that is done.",
        hint="In which order does the worker write the two? Who may look in between?",
        wrong=_early,
    ),
    Scene(
        name="reused-buffer",
        task=3,
        about="A sender fills a shared buffer, says so, and fills it again for the next picture.",
        goal="Receive a picture that was never sent: the width of one, the height of another.",
        hint="Sharing is not copying. What may the sender do with the buffer while you read it?",
        wrong=_mixed_up,
    ),
    Scene(
        name="late-letter",
        task=4,
        about="A worker is about to end. A message is sent to it by one who has seen it alive.",
        goal="Post a letter that nobody reads, without a single error.",
        hint="The sender looks, then posts. What may the clerk have done in between?",
        wrong=_unread,
    ),
    Scene(
        name="lost-update",
        task=5,
        about="Two threads add one each to the same counter.",
        goal="Lose an update: two visitors come in, and the counter says 1.",
        hint="What does a thread write that has read the counter before the other one wrote it?",
        wrong=_lost,
    ),
    Scene(
        name="locked-counter",
        task=5,
        about="The same counter, and nobody comes between the read and the write.",
        goal="Lose an update; or find out that nobody can.",
        hint="s looks for an order of steps that goes wrong, and says how many it has tried.",
        wrong=_lost,
        safe=True,
    ),
    Scene(
        name="torn-pair",
        task=5,
        about="One thread writes hours and minutes, another reads both.",
        goal="Read a time that it never was.",
        hint="Two values that belong together are written in two steps. Who may look between the two?",
        wrong=_torn,
    ),
    Scene(
        name="overdrawn",
        task=5,
        about="Two withdrawals look whether there is enough money, and then take it.",
        goal="Take 160 out of an account of 100.",
        hint="Every single access may be atomic. What was true at the look need not be true at the withdrawal.",
        wrong=_overdrawn,
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
        name="wrong-bell",
        task=5,
        about="A baker and two guests wait at one bell, and it wakes one of them.",
        goal="Let everybody sleep: there is room on the shelf, and hungry guests, and nobody moves.",
        hint="Let both guests wait before the baker begins. Who is woken by a guest that has eaten?",
        runtimes=("python",),
    ),
    Scene(
        name="two-at-the-printer",
        task=8,
        about="A semaphore of two stands before a printer that counts its pages.",
        goal="Lose a page, although everybody waits at the semaphore.",
        hint="How many does a semaphore of two let in? Are they kept apart there?",
        wrong=_pages,
        runtimes=("python",),
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
        name="woken-for-nothing",
        task=6,
        about="Two threads wait for a buffer; whoever gives one back wakes all that wait.",
        goal="Take a buffer out of an empty pool.",
        hint="Two are woken for one buffer. What does the second of them find, and does it look again?",
        runtimes=("python",),
    ),
    Scene(
        name="late-worker",
        task=7,
        about="A worker that has crashed is replaced, unless the server stops. It is just told to stop.",
        goal="Stop the server, and leave a worker behind.",
        hint="Whether it stops is asked before the new worker is there. What may happen in between?",
        wrong=_late,
    ),
    Scene(
        name="missing-sentinel",
        task=8,
        about="Workers are counted, and take jobs from a queue; to close it, each gets a None.",
        goal="Put one None too few: a worker waits for ever in a pool that is closed.",
        hint="`close` puts as many None as workers were counted. How do two workers come to be counted as one?",
        runtimes=("python",),
    ),
    Scene(
        name="pool-for-itself",
        task=8,
        about="The tasks of a pool of two put tasks of their own into it, and wait for these.",
        goal="Bring the pool to a halt: both workers wait for work that nobody is left to do.",
        hint="What do the two workers do while they wait? How many of them must have taken a large task?",
        runtimes=("python",),
    ),
    Scene(
        name="second-look",
        task=9,
        about="A door checks an amount and then pays it; whoever sent it can still write to it.",
        goal="Have more paid than the door lets through.",
        hint="The amount is read twice: to check it, and to pay it. Is it the same one?",
        wrong=_paid,
    ),
    Scene(
        name="mixed-lines",
        task=10,
        about="Two requests write into one log, each in two steps.",
        goal="Tear a line apart: whoever reads the log no longer knows who was let in.",
        hint="A line that is written in two steps is two lines. Who may write between them?",
        wrong=_told,
    ),
)
