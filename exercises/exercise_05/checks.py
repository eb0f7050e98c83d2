"""The checks of exercise 5, for both languages."""

import itertools

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}


def test_loads(subject: Subject):
    """The file loads and has the names that are asked for."""
    subject.load()


@only("python")
def test_counts(subject: Subject):
    """SharedCounter starts at 0; add() adds one, add(5) adds five."""
    values = subject.run_calm("counting").returns[0]
    expect(
        values == [0, 1, 6, 8],
        f"A new counter, then add(), add(5) and add(n=2), should read 0, 1, 6, 8; it read {_listed(values)}.",
        "`value` is what was added so far; `n` is 1 where nothing is given.",
    )


@only("node")
def test_counts_words(subject: Subject):
    """increment adds one to the word it is given, and to no other."""
    words = subject.run_calm("counting", indices=[0, 0, 3]).returns[0]
    wanted = [[1, 0, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0], [2, 0, 0, 1, 0, 0, 0, 0]]
    expect(
        words == wanted,
        f"After increment(memory, 0) twice and increment(memory, 3) once, words 0 to 7 should be "
        f"{_listed(wanted[-1])}; they are {_listed(words[-1])}.",
        "Words 8 to 15 are the locks: only they may change besides the word itself.",
    )


def test_adds_are_not_lost(subject: Subject):
    """Several threads add at once, and no update is lost."""

    def judge(ran: Ran, threads, times):
        actual = ran.memory["value"] if subject.runtime == "python" else ran.memory["memory"][0]
        lost = threads * times - actual
        expect(
            lost == 0,
            f"{threads} threads added {threads * times} in all, and the counter says {actual}: {_lost(lost)}",
            "Between reading the old value and writing the new one, another thread can write its own: "
            "make the two one step that nothing can come between.",
        )

    real = {"threads": 4, "times": {"python": 2_000, "node": 20_000}[subject.runtime]}
    for few, bound in (({"threads": 2, "times": 2}, 2), ({"threads": 3, "times": 1}, 1)):
        subject.explore("adding", lambda ran, few=few: judge(ran, **few), bound, **few)
    ran = subject.run_calm("adding", **real)
    judge(ran, **real)
    _on_several_threads(ran.threads)


def test_moves_money(subject: Subject):
    """transfer takes the amount from one account, gives it to the other, and returns true."""
    _calls(subject, [100, 50, 7], [((0, 1, 30), True, [70, 80, 7]), ((2, 0, 7), True, [77, 80, 0])])


def test_balance_is_checked(subject: Subject):
    """A balance that is too small changes nothing and gives false; the whole balance may go."""
    _calls(subject, [100, 50], [((0, 1, 101), False, [100, 50]), ((0, 1, 100), True, [0, 150])])


def test_amounts_are_checked(subject: Subject):
    """An amount that is not a whole number of at least 1 is an error, before anything else is looked at."""
    wrong = [(0, 1, 0), (0, 1, -5), (0, 1, 1.5), (0, 1, "3"), (0, 1, None), (0, 0, 0)]
    _calls(subject, [100, 50], [(call, "error", [100, 50]) for call in wrong])


def test_indices_are_checked(subject: Subject):
    """An account that does not exist is an error, also where both indices are the same."""
    beyond = 3 if subject.runtime == "python" else 8
    wrong = [(-1, 0, 5), (0, -1, 5), (beyond, 0, 5), (0, beyond, 5), (-1, -1, 5), (beyond, beyond, 5)]
    if subject.runtime == "node":
        wrong += [(0, 15, 5), (0.5, 1, 5)]
    _calls(subject, [100, 50, 7], [(call, "error", [100, 50, 7]) for call in wrong])


def test_same_account(subject: Subject):
    """A transfer to the account it comes from changes nothing and gives true, whatever the balance."""
    _calls(subject, [100, 50], [((1, 1, 10), True, [100, 50]), ((1, 1, 1_000), True, [100, 50])])


def test_locks_are_released(subject: Subject):
    """However a transfer ends, it leaves no lock behind."""
    calls = [(0, 1, 0), (0, 9, 5), (1, 1, 5), (0, 1, 500), (0, 1, 30), (1, 0, 30)]
    for call, outcome in zip(calls, _outcomes(subject, "calling", balances=[100, 50], calls=calls), strict=False):
        _released(outcome, f"transfer({_call(subject, call)})")
    expect(outcome.get("returned") is True, "After some refused transfers, a good one no longer works.")


@only("python")
def test_locks_are_released_after_an_exception(subject: Subject):
    """An exception in the middle of a transfer leaves no lock held."""
    for call in ((0, 1, 10), (1, 0, 10)):
        outcome = _outcomes(subject, "failing", balances=[100, 50], call=call)[0]
        _released(outcome, "an exception in the middle of a transfer (account 1 refused its new balance)")


@only("python")
def test_uses_the_accounts_locks(subject: Subject):
    """Whoever holds every account's lock sees no balance change."""
    changes = subject.run_calm("watching", balances=[100, 50], call=[0, 1, 30]).returns[0]
    expect(
        all(changes),
        "transfer changed a balance while no account's lock was held.",
        "A lock of your own keeps transfers apart, but not those who take the accounts' own locks: take these.",
    )


def test_total_is_kept(subject: Subject):
    """Transfers from several threads keep the total, and overdraw nothing."""

    def judge(ran: Ran, balances):
        after = _balances(subject, ran.memory, len(balances))
        expect(
            sum(after) == sum(balances),
            f"The accounts held {sum(balances)} together; after some transfers it is {sum(after)} ({_listed(after)}).",
            "Two transfers on one account at once: both read the old balance, and the second write undoes the first.",
        )
        expect(min(after) >= 0, f"An account was overdrawn: the balances are {_listed(after)}.", OVERDRAWN)

    few = {"balances": [50, 50, 50], "plans": [[(0, 2, 30)], [(1, 2, 20)]]}
    subject.explore("transferring", lambda ran: judge(ran, few["balances"]), **few)
    steps = {"python": 500, "node": 2_000}[subject.runtime]
    plans = [[(i % 3, (i + step) % 3, 1 + i % 4) for i in range(steps)] for step in (1, 2, 1, 2)]
    ran = subject.run_calm("transferring", balances=[100, 100, 100], plans=plans)
    judge(ran, [100, 100, 100])
    _on_several_threads(ran.threads)


@only("python")
def test_total_is_seen(subject: Subject):
    """Whoever holds every account's lock sees the same total at any time."""

    def judge(ran: Ran):
        seen = ran.returns[-1]
        expect(
            seen in (None, 100),
            f"Two accounts hold 100 together; whoever held both locks in the middle of a transfer saw {seen}.",
            "Hold both locks from the first change to the last: in between, the money is nowhere, or twice.",
        )

    subject.explore("observing", judge, balances=[70, 30], plans=[[(0, 1, 20)]])


OVERDRAWN = "Between the look at the balance and the withdrawal another thread can withdraw: do both under the lock."


def test_never_overdrawn(subject: Subject):
    """When two threads want the same money, one of them gets it."""

    def judge(ran: Ran):
        after = _balances(subject, ran.memory, 3)
        paid = sum(map(sum, ran.returns))
        expect(
            sorted(after) == [0, 0, 100] and paid == 1,
            f"Two threads tried to move the same 100 out of one account: {paid} transfers said true, "
            f"and the balances are {_listed(after)}.",
            OVERDRAWN,
        )

    subject.explore("transferring", judge, balances=[100, 0, 0], plans=[[(0, 1, 100)], [(0, 2, 100)]])
    judge(subject.run_calm("transferring", balances=[100, 0, 0], plans=[[(0, 1, 100)] * 50, [(0, 2, 100)] * 50]))


def test_opposite_transfers_end(subject: Subject):
    """Transfers in opposite directions never wait for each other for ever."""

    def judge(ran: Ran, balances):
        after = _balances(subject, ran.memory, len(balances))
        expect(after == balances, f"Transfers that cancel out should leave {_listed(balances)}, not {_listed(after)}.")

    few = {"balances": [5, 5], "plans": [[(0, 1, 1)], [(1, 0, 1)]]}
    subject.explore("transferring", lambda ran: judge(ran, few["balances"]), **few)
    plans = [[(0, 1, 1)] * 500, [(1, 0, 1)] * 500]
    judge(subject.run_calm("transferring", balances=[1_000, 1_000], plans=plans), [1_000, 1_000])


@only("node")
def test_increments_beside_transfers(subject: Subject):
    """An increment is not lost beside a transfer on the same word."""

    def judge(ran: Ran, balances, times, plans):
        after = _balances(subject, ran.memory, len(balances))
        lost = sum(balances) + times - sum(after)
        expect(
            lost == 0,
            f"{times} increments beside transfers on the same word: {_lost(lost)}",
            "transfer reads the word, then writes it: an increment in between is undone, however atomic it is. "
            "Let both go by the same rule: the word's lock, or atomic steps alone.",
        )

    def tried(balances, times, plans):
        return {"balances": balances, "times": times, "plans": plans}

    for few in (tried([5, 5], 1, [[(0, 1, 3)]]), tried([5, 5], 1, [[(1, 0, 3)]])):
        subject.explore("incrementing", lambda ran, few=few: judge(ran, **few), **few)
    real = tried([1_000, 1_000], 2_000, [[(0, 1, 1)] * 1_000, [(1, 0, 1)] * 1_000])
    judge(subject.run_calm("incrementing", **real), **real)


@only("node")
def test_transfers_are_whole(subject: Subject):
    """What the calls return, and what is left, fits whole transfers in some order."""
    balances = [10, 10, 0, 0]
    plans = [[(0, 1, 10)], [(1, 0, 10)], [(0, 2, 10), (1, 3, 10)]]
    calls = sum(plans, [])
    possible = _serial(balances, calls)

    def judge(ran: Ran):
        after, returned = _balances(subject, ran.memory, 4), sum(ran.returns, [])
        told = ", ".join(
            f"{source}→{target} {_true(subject, answer)}"
            for (source, target, _), answer in zip(calls, returned, strict=True)
        )
        expect(
            (tuple(returned), tuple(after)) in possible,
            f"Four transfers of 10 at once answered {told}, and left {_listed(after)}. "
            "No order of whole transfers gives that.",
            "Somebody acted on a transfer that was half done: the money had left one word, and not reached the other.",
        )

    subject.explore("transferring", judge, balances=balances, plans=plans)


def _serial(balances, calls):
    """Every (answers, balances) that whole transfers, one after the other, can give in any order."""
    outcomes = set()
    for order in itertools.permutations(range(len(calls))):
        left, answers = list(balances), [False] * len(calls)
        for number in order:
            source, target, amount = calls[number]
            if left[source] >= amount:
                left[source] -= amount
                left[target] += amount
                answers[number] = True
        outcomes.add((tuple(answers), tuple(left)))
    return outcomes


# -- helpers ------------------------------------------------------------------


def _outcomes(subject: Subject, scenario, **params):
    return subject.run_calm(scenario, **params).returns[0]


def _calls(subject: Subject, balances, wanted):
    """Check one call after the other: ((source, target, amount), True | False | "error", balances afterwards)."""
    calls = [call for call, _, _ in wanted]
    outcomes = _outcomes(subject, "calling", balances=balances, calls=calls)
    for (call, want, after), outcome in zip(wanted, outcomes, strict=False):
        text = f"transfer({_call(subject, call)})"
        before, balances = balances, after
        got = _got(subject, outcome)
        if want == "error":
            if "raised" not in outcome:
                raise Failure(
                    f"{text} should be {ERROR[subject.runtime]}; it {got}.",
                    "The statement says what is checked, and in which order.",
                )
            expect(outcome["fitting"], f"{text} should be {ERROR[subject.runtime]}; it {got}.")
        else:
            expect(
                outcome.get("returned") is want,
                f"{text} on balances {_listed(before)} should return {_true(subject, want)}; it {got}.",
            )
        left = outcome["balances"]
        expect(
            left == after,
            f"{text} on balances {_listed(before)} should leave {_listed(after)}; it left {_listed(left)}.",
        )
        _released(outcome, text)  # the subject stops there: the next call would wait for ever


def _released(outcome, what):
    held = outcome["held"]
    expect(
        not held,
        f"After {what}, the lock of account {_listed(held)} is still held: the next transfer on it waits for ever.",
        "An exception or an early return skips the release: `with lock:` or `finally` does not.",
    )


def _got(subject: Subject, outcome):
    if "raised" in outcome:
        return f"ended with {outcome['raised']}" + (f" ({outcome['message']})" if outcome["message"] else "")
    returned = outcome["returned"]
    return f"returned {_true(subject, returned) if isinstance(returned, bool) else returned}"


def _on_several_threads(threads):
    ids = {thread["id"] for thread in threads}
    expect(len(ids) == len(threads), f"Only {len(ids)} of {len(threads)} threads really ran.")


def _balances(subject: Subject, memory, count):
    return memory["balances"] if subject.runtime == "python" else memory["memory"][:count]


def _call(subject: Subject, call):
    first = {"python": "accounts", "node": "memory"}[subject.runtime]
    return ", ".join([first, *(_value(subject, value) for value in call)])


def _value(subject: Subject, value):
    if value is None:
        return {"python": "None", "node": "null"}[subject.runtime]
    return repr(value)


def _true(subject: Subject, value):
    return str(value) if subject.runtime == "python" else str(value).lower()


def _lost(count):
    if count < 0:
        return f"{-count} more than was added."
    return "one update was lost." if count == 1 else f"{count} updates were lost."


def _listed(values):
    return ", ".join(map(str, values))
