"""What is done with a learner's SharedCounter and transfer."""

import contextlib
import threading

import exercise

from mtlearn.grading.scenario import Scenario
from mtlearn.grading.starvation import ticks
from mtlearn.grading.stateful.play import attempt

NAMES = ["SharedCounter", "transfer"]
HELD_S, TICK_S = 0.75, 0.05  # how long a lock is held, at least


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


# The same objects in every run, and in every process in the same order of addresses, which is not that of the indices:
# whoever orders them by id() meets the same order each time.
_by_address = sorted((Account(0) for _ in range(8)), key=id)
accounts = [_by_address[place] for place in (1, 0, 3, 2, 5, 4, 7, 6)]


class Bank:
    """Some accounts, and how they look from outside."""

    def __init__(self, balances, account=None):
        self.accounts = [account(0) for _ in balances] if account else accounts[: len(balances)]
        for each, balance in zip(self.accounts, balances, strict=True):
            each.__init__(balance)

    def balances(self):
        return [account.balance for account in self.accounts]

    def memory(self):
        return {"memory": self.balances()}

    def transfer(self, source, target, amount):
        """One call, what came of it, the balances after it, and which accounts' locks it left held."""
        outcome = attempt(exercise.transfer, self.accounts, source, target, amount)
        gave = outcome.get("gave")
        if gave is not None and not isinstance(gave, bool):
            outcome["gave"] = repr(gave)
        held = [index for index, account in enumerate(self.accounts) if account.lock.locked()]
        return {**outcome, "balances": self.balances(), "held": held}


def counting():
    """One thread: add(), add(5), add(n=2), add(-3), and the value after each."""

    def work(counter):
        values = [counter.value]
        for arguments, named in (((), {}), ((5,), {}), ((), {"n": 2}), ((-3,), {})):
            counter.add(*arguments, **named)
            values.append(counter.value)
        return values

    return Scenario(lambda: exercise.SharedCounter(), [work], lambda counter: {})


def adding(threads, times):
    """Several threads add one to the same counter."""

    def work(counter):
        for _ in range(times):
            counter.add()

    return Scenario(lambda: exercise.SharedCounter(), [work] * threads, lambda counter: {"memory": [counter.value]})


def calling(balances, calls):
    """One thread calls transfer with each (source, target, amount) in turn, until a call leaves a lock held."""

    def work(bank):
        outcomes = []
        for call in calls:
            outcomes.append(bank.transfer(*call))
            if outcomes[-1]["held"]:
                break
        return outcomes

    return Scenario(lambda: Bank(balances), [work], Bank.memory)


def transferring(balances, plans):
    """A thread for each plan, a plan being a list of (source, target, amount)."""

    def thread(plan):
        return lambda bank: [exercise.transfer(bank.accounts, *call) for call in plan]

    return Scenario(lambda: Bank(balances), [thread(plan) for plan in plans], Bank.memory)


def observing(balances, plans):
    """The same beside an observer, who adds up the balances while it holds every account's lock.

    It never waits for one lock while it holds another: it gives None where it does not get them all at once.
    """

    def observe(bank):
        held = []
        try:
            for account in bank.accounts:
                if not account.lock.acquire(blocking=False):
                    return None
                held.append(account.lock)
            return sum(account.balance for account in bank.accounts)
        finally:
            for lock in held:
                lock.release()

    transfers = transferring(balances, plans)
    return Scenario(transfers.setup, [*transfers.threads, observe], transfers.memory)


def waiting(balances, plans, held):
    """A thread for each single call, and one that holds some accounts' locks for a while, or until a call has ended."""

    class HeldBank(Bank):
        def __init__(self):
            super().__init__(balances)
            self.begun, self.ended = threading.Event(), threading.Event()

    def call(plan):
        def thread(bank):
            bank.begun.wait()
            try:
                return bank.transfer(*plan)
            finally:
                bank.ended.set()

        return thread

    def hold(bank):
        with contextlib.ExitStack() as stack:
            for index in held:
                stack.enter_context(bank.accounts[index].lock)
            bank.begun.set()
            any(bank.ended.wait(tick_s) for tick_s in ticks(HELD_S, TICK_S))

    return Scenario(HeldBank, [*map(call, plans), hold], Bank.memory)


class Refusing(Exception):
    pass


class Frozen(Account):
    """An account that cannot be changed: writing its balance raises an exception."""

    def __setattr__(self, name, value):
        if name == "balance" and hasattr(self, "lock"):
            raise Refusing("this account is frozen")
        super().__setattr__(name, value)


def failing(balances, call):
    """One transfer, account 1 being frozen."""

    def setup():
        bank = Bank(balances)
        bank.accounts[1] = Frozen(balances[1])
        return bank

    return Scenario(setup, [lambda bank: [bank.transfer(*call)]], Bank.memory)


def watching(balances, call):
    """One transfer, and which accounts' locks were held at each change of a balance."""
    changes = []
    watched = []

    class Watched(Account):
        def __setattr__(self, name, value):
            if name == "balance" and hasattr(self, "lock"):
                changes.append([index for index, account in enumerate(watched) if account.lock.locked()])
            super().__setattr__(name, value)

    def setup():
        bank = Bank(balances, Watched)
        watched[:] = bank.accounts
        changes.clear()
        return bank

    def work(bank):
        exercise.transfer(bank.accounts, *call)
        return list(changes)

    return Scenario(setup, [work], Bank.memory)
