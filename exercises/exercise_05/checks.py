"""The checks of exercise 5, for both languages."""

from bank_model import outcomes, transfer
from bank_words import after, called, none_is_lost, released

from mtlearn.grading.checks import Ran, Subject, expect, only
from mtlearn.grading.stateful.script import listed, refused, written

ROUNDS = 300  # of each real thread: a fair lock hands over at each, and every hand-over takes two threads a turn
ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}
NOT_ONE_STEP = "Between reading the old value and writing the new one, another thread can write: make them one step."
TWO_RULES = (
    "transfer reads the word, then writes it: an increment in between is undone, however atomic it is. "
    "Let both go by the same rule: the word's lock, or atomic steps alone."
)
UPWARDS = (0, 1), (1, 2), (0, 2)  # with money enough: real threads that wait in a circle, or overdraw, do so by luck
ACCOUNTS = {"node": 8}  # in Python, as many as the list holds
OVERDRAWN = "Between the look at the balance and the withdrawal another thread can withdraw: do both under the lock."


@only("python")
def test_counts(subject: Subject):
    """SharedCounter starts at 0; add() adds one, add(5) adds five."""
    values = subject.run_calm("counting").returns[0]
    calls = "add(), add(5), add(n=2) and add(-3)"
    told = f"A new counter, then {calls}, should read 0, 1, 6, 8 and 5; it read {listed(values)}."
    expect(values == [0, 1, 6, 8, 5], told, "`value` is what was added so far; `n` is 1 where nothing is given.")


@only("node")
def test_counts_words(subject: Subject):
    """increment adds one to the word it is given, and to no other."""
    words = subject.run_calm("counting", indices=[0, 0, 3]).returns[0]
    wanted = [[1, 0, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0], [2, 0, 0, 1, 0, 0, 0, 0]]
    told = f"words 0 to 7 should be {listed(wanted[-1])}; they are {listed(words[-1])}."
    help = "Words 8 to 15 are the locks: only they may change besides the word itself."
    expect(words == wanted, f"After increment(memory, 0) twice and increment(memory, 3) once, {told}", help)


def test_adds_are_not_lost(subject: Subject):
    """Several threads add at once, and no update is lost."""

    def judge(ran: Ran, threads, times):
        actual = ran.memory["memory"][0]
        told = f"{threads} threads added {threads * times} in all, and the counter says {actual}"
        none_is_lost(told, threads * times - actual, NOT_ONE_STEP)

    few = ({"threads": 2, "times": 2}, 2), ({"threads": 3, "times": 1}, 1)
    _always(subject, "adding", judge, few, real={"threads": 3, "times": ROUNDS})


def test_moves_money(subject: Subject):
    """transfer takes the amount from one account, gives it to the other, and returns true."""
    _calls(subject, [100, 50, 7], [(0, 1, 30), (2, 0, 7)])


def test_balance_is_checked(subject: Subject):
    """A balance that is too small changes nothing and gives false; the whole balance may go."""
    _calls(subject, [100, 50], [(0, 1, 101), (0, 1, 100)])


def test_same_account(subject: Subject):
    """A transfer to the account it comes from changes nothing and gives true, whatever the balance."""
    _calls(subject, [100, 50], [(1, 1, 10), (1, 1, 1_000)])


def test_locks_are_released(subject: Subject):
    """However a transfer ends, it leaves no lock behind."""
    calls = [(0, 1, 0), (0, 9, 5), (1, 1, 5), (0, 1, 500), (0, 1, 30), (1, 0, 30)]
    seen = subject.run_calm("calling", balances=[100, 50], calls=calls).returns[0]
    for call, outcome in zip(calls, seen, strict=False):
        released(outcome, called(subject, call))
    expect(seen[-1].get("gave") is True, "After some refused transfers, a good one no longer works.")


@only("python")
def test_locks_are_released_after_an_exception(subject: Subject):
    """An exception in the middle of a transfer leaves no lock held."""
    for call in ((0, 1, 10), (1, 0, 10)):
        [outcome] = subject.run_calm("failing", balances=[100, 50], call=call).returns[0]
        released(outcome, "an exception in the middle of a transfer (account 1 refused its new balance)")


@only("python")
def test_uses_the_accounts_locks(subject: Subject):
    """Whoever holds every account's lock sees no balance change."""
    changes = subject.run_calm("watching", balances=[100, 50], call=[0, 1, 30]).returns[0]
    help = "A lock of your own keeps transfers apart, but not those who take the accounts' own locks: take these."
    expect(all(changes), "transfer changed a balance while no account's lock was held.", help)


def test_total_is_kept(subject: Subject):
    """Transfers from several threads keep the total, and overdraw nothing."""

    def judge(ran: Ran, balances, plans):
        left = after(ran, balances)
        told = f"The accounts held {sum(balances)} together; after some transfers it is {sum(left)} ({listed(left)})."
        help = "Two transfers on one account at once: both read the old balance, and the second write undoes the first."
        expect(sum(left) == sum(balances), told, help)
        expect(min(left) >= 0, f"An account was overdrawn: the balances are {listed(left)}.", OVERDRAWN)

    few = {"balances": [50, 50, 50], "plans": [[(0, 2, 30)], [(1, 2, 20)]]}
    plans = [[(*UPWARDS[(i + first) % 3], 1 + i % 4) for i in range(ROUNDS)] for first in range(3)]
    _always(subject, "transferring", judge, [(few, 2)], real={"balances": [3_000] * 3, "plans": plans})


@only("python")
def test_total_is_seen(subject: Subject):
    """Whoever holds every account's lock sees the same total at any time."""

    def judge(ran: Ran, balances, plans):
        seen = ran.returns[-1]
        told = f"Two accounts hold 100 together; whoever held both locks in the middle of a transfer saw {seen}."
        help = "Hold both locks from the first change to the last: in between, the money is nowhere, or twice."
        expect(seen in (None, sum(balances)), told, help)

    _always(subject, "observing", judge, [({"balances": [70, 30], "plans": [[(0, 1, 20)]]}, 2)])


def test_never_overdrawn(subject: Subject):
    """When two threads want the same money, one of them gets it, also when one of them comes back for more."""

    def judge(ran: Ran, balances, plans):
        left = ran.memory["memory"][:3]
        calls = zip(sum(plans, []), sum(ran.returns, []), strict=True)
        moved = [amount for (_, _, amount), answer in calls if answer]
        told = f"{len(moved)} transfers said true, of {listed(moved)}, and the balances are {listed(left)}."
        right = sum(moved) == 100 and left[0] == 0 and sum(left) == 100
        expect(right, f"Two threads tried to move more than the 100 of one account: {told}", OVERDRAWN)

    once = {"balances": [100, 0, 0], "plans": [[(0, 1, 100)], [(0, 2, 100)]]}
    again = {"balances": [100, 0, 0], "plans": [[(0, 1, 40), (0, 1, 60)], [(0, 2, 60)]]}
    real = {"balances": [100, 0, 0], "plans": [[(0, 1, 100)] * 50, [(0, 2, 100)] * 50]}
    few = [once] if subject.runtime == "python" else [once, again]  # a thread that is woken in Python has the lock
    _always(subject, "transferring", judge, [(each, 2) for each in few], real)


def test_opposite_transfers_end(subject: Subject):
    """Transfers in opposite directions never wait for each other for ever."""

    def judge(ran: Ran, balances, plans):
        left = after(ran, balances)
        expect(left == balances, f"Transfers that cancel out should leave {listed(balances)}, not {listed(left)}.")

    def tried(balance, times):
        return {"balances": [balance, balance], "plans": [[(0, 1, 1)] * times, [(1, 0, 1)] * times]}

    _always(subject, "transferring", judge, [(tried(5, 1), 2)], real=tried(1_000, ROUNDS))


@only("python")
def test_waits_for_a_lock(subject: Subject):
    """However long somebody else holds an account's lock, transfer waits for it, and then moves the money."""
    ran = subject.run_calm("waiting", balances=[50, 50, 50, 50], plans=[[0, 1, 20], [2, 3, 20]], held=[1, 2])
    for outcome in ran.returns[:2]:
        got = f"ended with {refused(outcome)}" if "raised" in outcome else f"returned {outcome.get('gave')}"
        told = f"Somebody held an account's lock for a while, and transfer {got}, though the balance was enough."
        expect(outcome.get("gave") is True, told, "Do not give up: nothing says how long the others may need.")
    expect(after(ran, [0] * 4) == [30, 70, 30, 70], f"Then the balances are {listed(after(ran, [0] * 4))}.")


@only("node")
def test_increments_beside_transfers(subject: Subject):
    """An increment is not lost beside a transfer on the same word."""

    def judge(ran: Ran, balances, times, plans):
        lost = sum(balances) + times - sum(after(ran, balances))
        none_is_lost(f"{times} increments beside transfers on the same word", lost, TWO_RULES)

    def tried(times, *plans):
        return {"balances": [1_000, 1_000], "times": times, "plans": plans}

    few = (tried(1, [(0, 1, 3)]), 2), (tried(1, [(1, 0, 3)]), 2)
    _always(subject, "incrementing", judge, few, real=tried(ROUNDS, [(0, 1, 1), (1, 0, 1)] * ROUNDS))


@only("node")
def test_transfers_are_whole(subject: Subject):
    """What the calls return, and what is left, fits whole transfers in some order."""

    def judge(ran: Ran, balances, plans):
        calls, answers = sum(plans, []), sum(ran.returns, [])
        moves = (f"{a}→{b} {written('node', answer)}" for (a, b, _), answer in zip(calls, answers, strict=True))
        told = f"Transfers of 10, at once, answered {listed(moves)}, and left {listed(after(ran, balances))}."
        help = (
            "Somebody acted on a transfer that was half done: the money had left one word, and not reached the other."
        )
        whole = (ran.returns, after(ran, balances)) in outcomes(balances, plans)
        expect(whole, f"{told} No order of whole transfers gives that.", help)

    looks = [(0, 2, 10), (1, 3, 10)]
    two = {"balances": [10, 0, 0, 0], "plans": [[(0, 1, 10)], looks]}
    three = {"balances": [10, 10, 0, 0], "plans": [[(0, 1, 10)], [(1, 0, 10)], looks]}
    _always(subject, "transferring", judge, [(two, 3), (three, 1)])


# -- helpers ------------------------------------------------------------------


def _always(subject: Subject, scenario, judge, few, real=None):
    """Judge each of the few, up to so many preemptions, in every order of steps; and the real one as it runs."""
    for params, bound in few:
        subject.explore(scenario, lambda ran, params=params: judge(ran, **params), bound, **params)
    if real:
        ran = subject.run_calm(scenario, **real)
        judge(ran, **real)
        ids = {thread.id for thread in ran.threads}
        expect(len(ids) == len(ran.threads), f"Only {len(ids)} of {len(ran.threads)} threads really ran.")


def _calls(subject: Subject, balances, calls):
    """Check one call after the other by the rules of the statement."""
    accounts = ACCOUNTS.get(subject.runtime, len(balances))
    seen = subject.run_calm("calling", balances=balances, calls=calls).returns[0]
    for call, outcome in zip(calls, seen, strict=False):
        text, gave = called(subject, call), written(subject.runtime, outcome.get("gave"))
        got = f"it ended with {refused(outcome)}" if "raised" in outcome else f"it returned {gave}"
        on = f"{text} on balances {listed(balances)} should"
        want, balances = transfer(balances, call, accounts)
        if want == "error":
            help = "The statement says what is checked, and in which order."
            expect(outcome.get("fitting", False), f"{text} should be {ERROR[subject.runtime]}; {got}.", help)
        else:
            expect(outcome.get("gave") is want, f"{on} return {written(subject.runtime, want)}; {got}.")
        left = outcome["balances"]
        expect(left == balances, f"{on} leave {listed(balances)}; it left {listed(left)}.")
        released(outcome, text)  # the subject stops there: the next call would wait for ever


# What a call may be given is checked last: it is not what the exercise is about.


def test_amounts_are_checked(subject: Subject):
    """An amount that is not a whole number of at least 1 is an error, before anything else is looked at."""
    _calls(subject, [100, 50], [(0, 1, 0), (0, 1, -5), (0, 1, 1.5), (0, 1, "3"), (0, 1, None), (0, 0, 0)])


def test_indices_are_checked(subject: Subject):
    """An account that does not exist is an error, also where both indices are the same."""
    beyond = ACCOUNTS.get(subject.runtime, 3)
    wrong = [(-1, 0, 5), (0, -1, 5), (beyond, 0, 5), (0, beyond, 5), (-1, -1, 5), (beyond, beyond, 5)]
    _calls(subject, [100, 50, 7], [*wrong, *([(0, 15, 5), (0.5, 1, 5)] if subject.runtime == "node" else [])])
