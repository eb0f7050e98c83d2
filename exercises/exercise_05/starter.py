"""Exercise 5: a counter and a transfer that survive threads. README.md says what they must do."""


class SharedCounter:
    """A counter that many threads add to at the same time."""

    def add(self, n=1):
        """Add n to the value."""
        raise NotImplementedError("SharedCounter.add is not written yet")

    @property
    def value(self):
        """What was added so far; 0 at first."""
        raise NotImplementedError("SharedCounter.value is not written yet")


def transfer(accounts, source, target, amount):
    """Move amount from accounts[source] to accounts[target]; False when the balance is too small."""
    raise NotImplementedError("transfer is not written yet")
