"""A counter behind one lock, and a transfer behind two."""

import threading


class SharedCounter:
    """A counter that many threads may add to."""

    def __init__(self):
        self._lock = threading.Lock()
        self._value = 0

    def add(self, n=1):
        """Add n. Reading the old value and writing the new one are two steps: the lock makes them one."""
        with self._lock:
            self._value += n

    @property
    def value(self):
        """What was added so far."""
        with self._lock:
            return self._value


def transfer(accounts, source, target, amount):
    """Move amount between two accounts; False when the balance is too small."""
    # All that can be refused without a look at a balance is refused here, before any lock is taken.
    if not isinstance(amount, int):
        raise TypeError("amount must be a whole number")
    if amount < 1:
        raise ValueError("amount must be at least 1")
    for index in (source, target):
        # The list would take -1 for its last account, and raises an IndexError beyond its end.
        if not 0 <= index < len(accounts):
            raise ValueError(f"there is no account {index}")
    if source == target:
        return True  # the same lock taken twice would wait for itself

    giver, taker = accounts[source], accounts[target]
    # Everybody takes the lower index first, so no two transfers ever wait for each other.
    first, second = accounts[min(source, target)], accounts[max(source, target)]
    with first.lock, second.lock:
        # Checked here and not earlier: before the lock, the money may be gone a moment later.
        if giver.balance < amount:
            return False
        giver.balance -= amount
        taker.balance += amount
        return True
